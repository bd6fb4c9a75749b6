import { CfnParameter, Fn, type CfnParameterProps, type Stack } from "aws-cdk-lib";
import { stackParameters } from "../src/core/stack/names.ts";

type ParameterName = keyof typeof stackParameters;
type Shown = readonly [name: ParameterName, label: string, props: CfnParameterProps];

const cidr = { allowedPattern: String.raw`^(\d{1,3}\.){3}\d{1,3}/\d{1,2}$` };
const flag = { allowedValues: ["true", "false"] };
const list = { type: "CommaDelimitedList", default: "" };
const limit = { type: "Number", minValue: 0 };
const noLimit = "0: no limit.";
const retentionDays = ["1", "3", "5", "7", "14", "30", "60", "90", "180", "365", "731"];

const administrator: readonly Shown[] = [
  [
    "adminName",
    "Admin Name",
    { description: "User name of the first administrator.", allowedPattern: String.raw`^[\w.-]{1,64}$` },
  ],
  [
    "adminEmail",
    "Admin Email",
    {
      description: "Address that the invitation to the console is sent to.",
      allowedPattern: String.raw`^[^@\s]+@[^@\s]+\.[^@\s]+$`,
    },
  ],
];

const network: readonly Shown[] = [
  ["vpcCidr", "AWS Fargate VPC CIDR Block", { ...cidr, default: "192.168.0.0/16" }],
  ["subnetACidr", "AWS Fargate Subnet A CIDR Block", { ...cidr, default: "192.168.0.0/20" }],
  ["subnetBCidr", "AWS Fargate Subnet B CIDR Block", { ...cidr, default: "192.168.16.0/20" }],
  [
    "egressCidr",
    "AWS Fargate Security Group CIDR Block",
    {
      ...cidr,
      default: "0.0.0.0/0",
      description: "Where tasks may connect to; it has to include the addresses of ECR and CloudWatch Logs.",
    },
  ],
  [
    "existingVpc",
    "Existing VPC",
    {
      default: "",
      allowedPattern: "^(vpc-[0-9a-z-]+)?$",
      description: "Empty: the stack makes a VPC of its own.",
    },
  ],
  ["existingSubnets", "Existing subnets", { ...list, description: "Subnets of the existing VPC, for the tasks." }],
  [
    "existingSecurityGroups",
    "Existing security groups",
    { ...list, description: "Empty: the stack makes a group that lets out and nothing in." },
  ],
  [
    "publicIp",
    "Public addresses for tasks",
    { ...flag, default: "true", description: "Needed in subnets without a NAT gateway." },
  ],
];

const caps: readonly Shown[] = [
  ["mostTasks", "Most tasks of a run", { ...limit, default: 100, description: noLimit }],
  [
    "longestRunMinutes",
    "Longest run in minutes",
    { ...limit, default: 240, maxValue: 10_080, description: `At most a week. ${noLimit}` },
  ],
  ["mostCostPerRun", "Most cost of a run in US dollars", { ...limit, default: 0, description: noLimit }],
  ["mostCostPerMonth", "Most cost of a month's runs in US dollars", { ...limit, default: 0, description: noLimit }],
  [
    "allowedTargets",
    "Allowed target hosts",
    {
      ...list,
      allowedPattern: String.raw`^[\w.*:-]*$`,
      description: "For example shop.example.com,*.test.example.com. Empty: every host.",
    },
  ],
];

const operation: readonly Shown[] = [
  ["architecture", "Processor of the tasks", { default: "arm64", allowedValues: ["arm64", "x86_64"] }],
  [
    "imageKind",
    "Kind of the tasks' image",
    {
      default: "loadfleet",
      allowedValues: ["loadfleet", "guide"],
      description: "guide: its tasks may write to their whole file system, and reports into results/ of every test.",
    },
  ],
  ["logRetention", "Days that logs are kept", { type: "Number", default: "30", allowedValues: retentionDays }],
  [
    "apiAccessLogs",
    "Access logs of the REST API",
    {
      ...flag,
      default: "false",
      description: "true only where the settings of API Gateway in this Region name a role for CloudWatch.",
    },
  ],
  [
    "permissionsBoundary",
    "Permissions boundary",
    {
      default: "",
      allowedPattern: String.raw`^(arn:[\w-]+:iam::\d{12}:policy/.+)?$`,
      description: "ARN of a policy that bounds every role of the stack. Empty: none.",
    },
  ],
  [
    "usageEndpoint",
    "Endpoint of operational metrics",
    {
      default: "",
      allowedPattern: "^(https://.+)?$",
      description: "They are sent only if this is set and the template's mapping AnonymousData says Yes.",
    },
  ],
  [
    "assetBucket",
    "Bucket of the stack's files",
    {
      allowedPattern: "^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$",
      description: "The command that deploys makes and fills it.",
    },
  ],
];

/** The parameters in the groups that CloudFormation's console shows. */
const groups: Readonly<Record<string, readonly Shown[]>> = {
  Administrator: administrator,
  Network: network,
  "Limits of the owner": caps,
  Operation: operation,
};

/** Adds the parameters, with the labels and groups that CloudFormation's console shows. */
export function addParameters(stack: Stack): void {
  const shown = Object.values(groups).flat();
  for (const [name, , props] of shown) new CfnParameter(stack, stackParameters[name], { type: "String", ...props });
  stack.templateOptions.metadata = {
    "AWS::CloudFormation::Interface": {
      ParameterGroups: Object.entries(groups).map(([title, entries]) => ({
        Label: { default: title },
        Parameters: entries.map(([name]) => stackParameters[name]),
      })),
      ParameterLabels: Object.fromEntries(shown.map(([name, label]) => [stackParameters[name], { default: label }])),
    },
  };
}

/** Reference to a parameter; one that is a list comes as `Token.asList` of it. */
export function parameter(name: ParameterName): string {
  return Fn.ref(stackParameters[name]);
}
