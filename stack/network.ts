import { Aws, Fn, type CfnCondition, type Stack } from "aws-cdk-lib";
import {
  CfnInternetGateway,
  CfnRoute,
  CfnRouteTable,
  CfnSecurityGroup,
  CfnSubnet,
  CfnSubnetRouteTableAssociation,
  CfnVPC,
  CfnVPCEndpoint,
  CfnVPCGatewayAttachment,
} from "aws-cdk-lib/aws-ec2";
import { joined, type Conditions } from "./conditions.ts";
import { parameter } from "./parameters.ts";

/** Where tasks run; both are comma-separated ids. */
export interface Network {
  readonly subnets: string;
  readonly securityGroups: string;
}

/** Adds a VPC with two public subnets in two zones, unless tasks run in an existing one. */
export function addNetwork(stack: Stack, conditions: Conditions): Network {
  const { createsVpc, createsSecurityGroup } = conditions;
  const vpc = new CfnVPC(stack, "Vpc", {
    cidrBlock: parameter("vpcCidr"),
    enableDnsHostnames: true,
    enableDnsSupport: true,
  });
  vpc.cfnOptions.condition = createsVpc;
  const routes = addRoutes(stack, vpc, createsVpc);
  const subnets = (["A", "B"] as const).map((name, zone) =>
    addSubnet(stack, name, { vpc, routes, zone, condition: createsVpc }),
  );
  addEndpoints(stack, vpc, routes, createsVpc);
  const group = new CfnSecurityGroup(stack, "TaskSecurityGroup", {
    groupDescription: "Load generators: out to what the owner allows, nothing in.",
    vpcId: Fn.conditionIf(createsVpc.logicalId, vpc.ref, parameter("existingVpc")).toString(),
    securityGroupEgress: [
      { ipProtocol: "-1", cidrIp: parameter("egressCidr"), description: "To the system under test and AWS" },
    ],
  });
  group.cfnOptions.condition = createsSecurityGroup;
  const made = Fn.join(
    ",",
    subnets.map(({ ref }) => ref),
  );
  return {
    subnets: Fn.conditionIf(createsVpc.logicalId, made, joined("existingSubnets")).toString(),
    securityGroups: Fn.conditionIf(
      createsSecurityGroup.logicalId,
      group.attrGroupId,
      joined("existingSecurityGroups"),
    ).toString(),
  };
}

function addRoutes(stack: Stack, vpc: CfnVPC, condition: CfnCondition): CfnRouteTable {
  const gateway = new CfnInternetGateway(stack, "InternetGateway");
  const attachment = new CfnVPCGatewayAttachment(stack, "InternetGatewayAttachment", {
    vpcId: vpc.ref,
    internetGatewayId: gateway.ref,
  });
  const table = new CfnRouteTable(stack, "RouteTable", { vpcId: vpc.ref });
  const route = new CfnRoute(stack, "InternetRoute", {
    routeTableId: table.ref,
    destinationCidrBlock: "0.0.0.0/0",
    gatewayId: gateway.ref,
  });
  route.addResourceDependency(attachment);
  for (const resource of [gateway, attachment, table, route]) resource.cfnOptions.condition = condition;
  return table;
}

interface SubnetPlace {
  readonly vpc: CfnVPC;
  readonly routes: CfnRouteTable;
  readonly zone: number;
  readonly condition: CfnCondition;
}

function addSubnet(stack: Stack, name: "A" | "B", place: SubnetPlace): CfnSubnet {
  const subnet = new CfnSubnet(stack, `Subnet${name}`, {
    vpcId: place.vpc.ref,
    cidrBlock: parameter(name === "A" ? "subnetACidr" : "subnetBCidr"),
    availabilityZone: Fn.select(place.zone, Fn.getAzs(Aws.REGION)),
    // Tasks ask for an address themselves; nothing else started here gets one.
    mapPublicIpOnLaunch: false,
  });
  const association = new CfnSubnetRouteTableAssociation(stack, `Subnet${name}Routes`, {
    subnetId: subnet.ref,
    routeTableId: place.routes.ref,
  });
  for (const resource of [subnet, association]) resource.cfnOptions.condition = place.condition;
  return subnet;
}

/** Traffic to S3 and DynamoDB stays inside AWS and costs nothing. */
function addEndpoints(stack: Stack, vpc: CfnVPC, routes: CfnRouteTable, condition: CfnCondition): void {
  for (const [id, service] of Object.entries({ S3Endpoint: "s3", DynamoDbEndpoint: "dynamodb" })) {
    const endpoint = new CfnVPCEndpoint(stack, id, {
      vpcEndpointType: "Gateway",
      vpcId: vpc.ref,
      serviceName: `com.amazonaws.${Aws.REGION}.${service}`,
      routeTableIds: [routes.ref],
    });
    endpoint.cfnOptions.condition = condition;
  }
}
