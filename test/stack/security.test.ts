import { describe, expect, it } from "vitest";
import { unscopedActions } from "../../stack/unscopedActions.ts";
import { allowing, objectsIn, readTemplate, resource, resourcesOf, statements } from "./readTemplate.ts";

const template = readTemplate();

describe("policies", () => {
  it("allow no wildcard action", () => {
    const wildcards = statements()
      .filter(({ Effect }) => Effect === "Allow")
      .flatMap(({ holder, Action }) =>
        Action.filter((action) => action.includes("*")).map((action) => `${holder} ${action}`),
      );
    expect(wildcards).toEqual([]);
    expect(statements().filter(({ Action }) => Action.length === 0)).toEqual([]);
  });

  it("stand on the resource * only for actions that AWS gives no resource, and each of these is used", () => {
    const used = statements()
      .filter(({ Effect, Resource }) => Effect === "Allow" && Resource.includes("*"))
      .flatMap(({ Action }) => Action);
    expect(new Set(used)).toEqual(new Set(Object.keys(unscopedActions)));
  });

  it.each([
    ["cloudwatch:PutMetricData", { StringEquals: { "cloudwatch:namespace": "Loadfleet" } }],
    ["ecs:ListTasks", { ArnEquals: { "ecs:cluster": { "Fn::GetAtt": ["Cluster", "Arn"] } } }],
  ])("narrow the unscoped %s by a condition", (action, condition) => {
    const conditions = statements()
      .filter(({ Action }) => Action.includes(action))
      .map(({ Condition }) => Condition);
    expect(conditions).not.toEqual([]);
    for (const found of conditions) expect(found).toEqual(condition);
  });

  it("name no partition", () => {
    expect(JSON.stringify(template.Resources)).not.toMatch(/arn:aws[^a-z]/);
  });

  it("let nobody outside the account in", () => {
    const open = statements().filter(
      ({ Effect, Principal }) =>
        Effect === "Allow" && (Principal === "*" || JSON.stringify(Principal ?? "").includes("AWS")),
    );
    expect(open).toEqual([]);
  });

  it("give every role one service, and the owner's boundary", () => {
    const roles = resourcesOf("AWS::IAM::Role");
    expect(roles.length).toBeGreaterThanOrEqual(12);
    for (const [id, { Properties }] of roles) {
      expect(Properties, id).not.toHaveProperty("ManagedPolicyArns");
      expect(Properties["PermissionsBoundary"], id).toEqual({
        "Fn::If": ["HasBoundary", { Ref: "PermissionsBoundaryArn" }, { Ref: "AWS::NoValue" }],
      });
    }
    const used = resourcesOf("AWS::Lambda::Function").map(([, { Properties }]) => JSON.stringify(Properties["Role"]));
    expect(new Set(used).size).toBe(used.length);
  });

  it("fit into what IAM stores of a managed policy, even when the stack's name is as long as it may be", () => {
    for (const [id, { Properties }] of resourcesOf("AWS::IAM::ManagedPolicy")) {
      const resolved = JSON.stringify(Properties["PolicyDocument"], (_, part: unknown) => resolveLongest(part));
      expect(resolved, id).not.toContain("Fn::");
      expect(resolved.replaceAll(/\s/g, "").length, id).toBeLessThan(6_144);
    }
  });

  it("let people who may only read change nothing", () => {
    const changing = statements()
      .filter(({ holder }) => holder === "ReadPolicy")
      .flatMap(({ Action }) => Action)
      .filter((action) => !/:(Get|List|Describe|Query|BatchGet|Filter)/.test(action));
    expect(changing).toEqual([]);
  });
});

describe("a task", () => {
  it("writes to the table only under its own identity, and reads signals by key", () => {
    const onTable = statements().filter(
      ({ holder, Action }) => holder === "TaskRole" && Action.some((action) => action.startsWith("dynamodb:")),
    );
    expect(onTable).toMatchObject([
      {
        Action: ["dynamodb:DeleteItem", "dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:UpdateItem"],
        Resource: [{ "Fn::GetAtt": ["Table", "Arn"] }],
        Condition: { "ForAllValues:StringLike": { "dynamodb:LeadingKeys": ["A#${aws:userid}"] } },
      },
      {
        Action: ["dynamodb:GetItem"],
        Resource: [{ "Fn::GetAtt": ["Table", "Arn"] }],
        Condition: { "ForAllValues:StringLike": { "dynamodb:LeadingKeys": ["S#*"] } },
      },
    ]);
  });

  it("puts objects only into its own inbox, and into results only where the image is of the guide's kind", () => {
    const prefixes = allowing("TaskRole", "s3:PutObject").map(({ Resource }) => JSON.stringify(Resource));
    expect(prefixes).toEqual([
      JSON.stringify([{ "Fn::Join": ["", [{ "Fn::GetAtt": ["ScenariosBucket", "Arn"] }, "/inbox/${aws:userid}/*"]] }]),
      JSON.stringify([{ "Fn::Join": ["", [{ "Fn::GetAtt": ["ScenariosBucket", "Arn"] }, "/results/*"]] }]),
    ]);
    const [choice] = [...objectsIn(resource("TaskRole").Properties["Policies"])].flatMap(
      (value) => value["Fn::If"] ?? [],
    );
    expect(choice).toBe("IsGuideImage");
  });

  it("cannot list, query, scan, or read more than plans, bundles and scenarios", () => {
    const actions = statements()
      .filter(({ holder, Effect }) => holder === "TaskRole" && Effect === "Allow")
      .flatMap(({ Action }) => Action);
    expect(actions.filter((action) => /List|Query|Scan/.test(action))).toEqual([]);
    const [read] = allowing("TaskRole", "s3:GetObject");
    const paths = read?.Resource.map((path) => /"(\/[^"]*)"/.exec(JSON.stringify(path))?.[1]);
    expect(paths).toEqual(["/bundles/*", "/plans/*", "/test-scenarios/*", "/public/test-scenarios/*"]);
  });

  it("has a read-only root, a place to write, time to stop, and few capabilities", () => {
    expect(resource("TaskDefinition").Properties).toMatchObject({
      NetworkMode: "awsvpc",
      RequiresCompatibilities: ["FARGATE"],
      Cpu: "2048",
      Memory: "4096",
      RuntimePlatform: { CpuArchitecture: { "Fn::If": ["IsArm", "ARM64", "X86_64"] } },
      ContainerDefinitions: [
        {
          Essential: true,
          StopTimeout: 120,
          ReadonlyRootFilesystem: { "Fn::If": ["IsGuideImage", false, true] },
          MountPoints: [{ ContainerPath: "/task" }, { ContainerPath: "/tmp" }],
          LinuxParameters: { Capabilities: { Drop: expect.arrayContaining(["MKNOD", "NET_RAW", "SYS_CHROOT"]) } },
        },
      ],
    });
    const [container] = [...objectsIn(resource("TaskDefinition").Properties["ContainerDefinitions"])];
    expect(container).not.toHaveProperty("Privileged");
    expect(container).not.toHaveProperty("PortMappings");
  });

  it("is let out to what the owner allows, and nobody in", () => {
    const { Properties } = resource("TaskSecurityGroup");
    expect(Properties).not.toHaveProperty("SecurityGroupIngress");
    expect(Properties["SecurityGroupEgress"]).toMatchObject([{ CidrIp: { Ref: "EgressCidr" }, IpProtocol: "-1" }]);
    expect(resourcesOf("AWS::EC2::SecurityGroupIngress")).toEqual([]);
  });

  it("may be run only by task-runner, only in the cluster, and only with its own roles", () => {
    const runners = statements().filter(({ Action }) => Action.includes("ecs:RunTask"));
    expect(runners).toMatchObject([
      { holder: "TaskRunnerRole", Condition: { ArnEquals: { "ecs:cluster": { "Fn::GetAtt": ["Cluster", "Arn"] } } } },
    ]);
    const passing = statements().filter(({ Action }) => Action.includes("iam:PassRole"));
    expect(passing).toMatchObject([
      {
        holder: "TaskRunnerRole",
        Resource: [{ "Fn::GetAtt": ["TaskRole", "Arn"] }, { "Fn::GetAtt": ["TaskExecutionRole", "Arn"] }],
        Condition: { StringEquals: { "iam:PassedToService": "ecs-tasks.amazonaws.com" } },
      },
    ]);
  });

  it("gets secrets only from below /loadfleet or with the stack's tag, through task-runner", () => {
    const [parameters] = allowing("TaskRunnerRole", "ssm:GetParameter");
    expect(JSON.stringify(parameters?.Resource)).toContain(":parameter/loadfleet/*");
    expect(allowing("TaskRunnerRole", "secretsmanager:GetSecretValue")).toMatchObject([
      { Condition: { StringEquals: { "aws:ResourceTag/loadfleet:stack": { Ref: "AWS::StackName" } } } },
    ]);
    const others = statements().filter(({ Action }) => Action.includes("secretsmanager:GetSecretValue"));
    expect(others).toHaveLength(1);
  });
});

describe("data", () => {
  it("is private, encrypted and reached by TLS only, in every bucket", () => {
    const buckets = resourcesOf("AWS::S3::Bucket");
    expect(buckets).toHaveLength(3);
    for (const [id, { Properties }] of buckets) {
      expect(Properties, id).toMatchObject({
        PublicAccessBlockConfiguration: {
          BlockPublicAcls: true,
          BlockPublicPolicy: true,
          IgnorePublicAcls: true,
          RestrictPublicBuckets: true,
        },
        BucketEncryption: {
          ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: "AES256" } }],
        },
        OwnershipControls: { Rules: [{ ObjectOwnership: "BucketOwnerEnforced" }] },
        VersioningConfiguration: { Status: "Enabled" },
      });
      expect(JSON.stringify(Properties["LifecycleConfiguration"]), id).toContain("AbortIncompleteMultipartUpload");
      const denied = statements().filter(({ holder, Effect }) => holder === `${id}Policy` && Effect === "Deny");
      expect(denied, id).toMatchObject([
        {
          Action: ["s3:*"],
          Resource: [{ "Fn::GetAtt": [id, "Arn"] }, { "Fn::Join": ["", [{ "Fn::GetAtt": [id, "Arn"] }, "/*"]] }],
          Condition: { Bool: { "aws:SecureTransport": "false" } },
        },
      ]);
    }
  });

  it("in the table can be restored, and vanishes where it says so", () => {
    expect(resource("Table").Properties).toMatchObject({
      BillingMode: "PAY_PER_REQUEST",
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
      TimeToLiveSpecification: { AttributeName: "expiresAt", Enabled: true },
      KeySchema: [
        { AttributeName: "pk", KeyType: "HASH" },
        { AttributeName: "sk", KeyType: "RANGE" },
      ],
      GlobalSecondaryIndexes: [
        { IndexName: "byTest", Projection: { ProjectionType: "INCLUDE", NonKeyAttributes: ["record"] } },
        { IndexName: "byMonth", Projection: { ProjectionType: "INCLUDE", NonKeyAttributes: ["record"] } },
      ],
    });
    // Without a setting DynamoDB encrypts with a key of its own, which leaves nothing in the account.
    expect(resource("Table").Properties).not.toHaveProperty("SSESpecification");
  });

  it("that agents upload and nobody collects vanishes", () => {
    expect(JSON.stringify(resource("ScenariosBucket").Properties["LifecycleConfiguration"])).toContain(
      '"Prefix":"inbox/"',
    );
  });

  it("of images is scanned and does not pile up", () => {
    expect(resource("Repository").Properties).toMatchObject({
      ImageScanningConfiguration: { ScanOnPush: true },
      EncryptionConfiguration: { EncryptionType: "AES256" },
      LifecyclePolicy: { LifecyclePolicyText: expect.stringContaining("untagged") },
    });
  });
});

describe("people", () => {
  it("are invited, sign in without sending a password, and may use a second factor", () => {
    expect(resource("UserPool").Properties).toMatchObject({
      AdminCreateUserConfig: {
        AllowAdminCreateUserOnly: true,
        InviteMessageTemplate: {
          EmailMessage: { "Fn::Join": ["", expect.arrayContaining([expect.stringContaining("{####}")])] },
        },
      },
      MfaConfiguration: "OPTIONAL",
      EnabledMfas: ["SOFTWARE_TOKEN_MFA"],
      Policies: { PasswordPolicy: { MinimumLength: 12 } },
    });
    expect(resource("UserPoolClient").Properties).toMatchObject({
      GenerateSecret: false,
      ExplicitAuthFlows: ["ALLOW_REFRESH_TOKEN_AUTH", "ALLOW_USER_SRP_AUTH"],
      PreventUserExistenceErrors: "ENABLED",
      EnableTokenRevocation: true,
    });
  });

  it("are in the groups that the API knows; the first one is an administrator", () => {
    const groups = resourcesOf("AWS::Cognito::UserPoolGroup").map(([, { Properties }]) => Properties["GroupName"]);
    expect(groups).toEqual(["read", "run", "admin"]);
    expect(resource("AdministratorIsAdmin").Properties["GroupName"]).toBe("admin");
  });

  it("reach the API only with a token, and not too often", () => {
    const body = JSON.stringify(resource("RestApi").Properties["Body"]);
    expect(body).toContain("cognito_user_pools");
    const operations = [...objectsIn(resource("RestApi").Properties["Body"])].filter(
      (value) => "x-amazon-apigateway-integration" in value,
    );
    const open = operations.filter(({ security }) => security === undefined);
    expect(operations.length).toBeGreaterThan(15);
    for (const operation of open) expect(operation["x-amazon-apigateway-integration"]).toMatchObject({ type: "mock" });
    expect(resource("Stage").Properties["MethodSettings"]).toMatchObject([
      { HttpMethod: "*", ResourcePath: "/*", ThrottlingRateLimit: 50, ThrottlingBurstLimit: 100 },
    ]);
  });

  it("get the console by HTTPS with strict headers, from a bucket that only its distribution reads", () => {
    expect(resource("Distribution").Properties).toMatchObject({
      DistributionConfig: {
        DefaultCacheBehavior: { ViewerProtocolPolicy: "redirect-to-https", AllowedMethods: ["GET", "HEAD"] },
        Origins: [{ OriginAccessControlId: { "Fn::GetAtt": ["ConsoleAccess", "Id"] } }],
      },
    });
    expect(resource("ConsoleAccess").Properties).toMatchObject({
      OriginAccessControlConfig: { SigningBehavior: "always", SigningProtocol: "sigv4" },
    });
    const headers = JSON.stringify(resource("ConsoleHeaders").Properties);
    expect(headers).toContain("default-src 'none'; script-src 'self'; style-src 'self'");
    expect(headers).not.toContain("unsafe-");
    expect(headers).toContain('"AccessControlMaxAgeSec":31536000');
    const [reading] = statements().filter(
      ({ holder, Effect }) => holder === "ConsoleBucketPolicy" && Effect === "Allow",
    );
    expect(reading).toMatchObject({
      Action: ["s3:GetObject"],
      Principal: { Service: "cloudfront.amazonaws.com" },
      Condition: { StringEquals: { "AWS:SourceArn": expect.anything() } },
    });
  });
});

describe("events", () => {
  it("come from this stack's cluster, machine and bucket only", () => {
    expect(resource("TaskStopped").Properties["EventPattern"]).toMatchObject({
      detail: { clusterArn: [{ "Fn::GetAtt": ["Cluster", "Arn"] }], lastStatus: ["STOPPED"] },
    });
    expect(resource("ExecutionEnded").Properties["EventPattern"]).toMatchObject({
      detail: { stateMachineArn: [{ Ref: "Runs" }], status: ["ABORTED", "FAILED", "SUCCEEDED", "TIMED_OUT"] },
    });
    expect(resource("ContainerUploaded").Properties["EventPattern"]).toMatchObject({
      detail: { bucket: { name: [{ Ref: "ScenariosBucket" }] }, object: { key: ["container/container.zip"] } },
    });
    expect(resource("HourlySweep").Properties["ScheduleExpression"]).toBe("rate(1 hour)");
  });

  it("may call run-closer only from their own rule", () => {
    for (const rule of ["TaskStopped", "ExecutionEnded", "HourlySweep"])
      expect(resource(`${rule}MayCall`).Properties).toMatchObject({
        Principal: "events.amazonaws.com",
        FunctionName: { Ref: "RunCloserFunction" },
        SourceArn: { "Fn::GetAtt": [rule, "Arn"] },
      });
  });

  it("of a new container zip start the pipeline, which finds the zip when it is new itself", () => {
    expect(resource("ContainerPipeline").DependsOn).toContain("Solution");
    expect(resource("ContainerPipeline").Properties).toMatchObject({
      Stages: [
        { Actions: [{ Configuration: { S3ObjectKey: "container/container.zip", PollForSourceChanges: "false" } }] },
        {
          Actions: [
            {
              Configuration: {
                ProjectName: { Ref: "ContainerCodeBuild" },
                EnvironmentVariables: { "Fn::Join": ["", expect.arrayContaining([{ Ref: "Architecture" }])] },
              },
            },
          ],
        },
      ],
      // An update to another processor changes the variable above, and so builds the image anew.
      RestartExecutionOnUpdate: true,
    });
    expect(resource("ContainerCodeBuild").Properties).toMatchObject({
      Environment: {
        PrivilegedMode: true,
        Type: { "Fn::If": ["IsArm", "ARM_CONTAINER", "LINUX_CONTAINER"] },
      },
      Source: { BuildSpec: expect.stringContaining("docker push") },
    });
  });
});

// Functions' names leave 44 characters to the stack's; names that CloudFormation makes end in 13 of its own.
const stackName = "s".repeat(44);
const longest: Readonly<Record<string, string>> = {
  "AWS::AccountId": "000000000000",
  "AWS::Partition": "aws",
  "AWS::Region": "ap-southeast-1",
  "AWS::StackId": `arn:aws:cloudformation:ap-southeast-1:000000000000:stack/${stackName}/${"i".repeat(36)}`,
  Cluster: stackName,
  Runs: `arn:aws:states:ap-southeast-1:000000000000:stateMachine:${stackName}-runs`,
};

/** What an intrinsic function of a policy becomes at its longest. */
function resolveLongest(value: unknown): unknown {
  const [object] = objectsIn(value);
  if (!object || Array.isArray(value)) return value;
  const { Ref, "Fn::GetAtt": attribute, "Fn::Join": join, "Fn::Split": split } = object;
  if (typeof Ref === "string") return longest[Ref] ?? `${stackName}-${Ref}-${"r".repeat(13)}`;
  if (Array.isArray(attribute))
    return attribute[0] === "ScenariosBucket"
      ? `arn:aws:s3:::${"b".repeat(63)}`
      : `arn:aws:dynamodb:ap-southeast-1:000000000000:${stackName}-${String(attribute[0])}-${"a".repeat(13)}`;
  if (Array.isArray(split)) return [resolveLongest(split[1])];
  if (Array.isArray(join)) {
    const [separator, parts] = join;
    const resolved = resolveLongest(parts);
    return (Array.isArray(resolved) ? resolved : [resolved])
      .map((part) => resolveLongest(part))
      .join(String(separator));
  }
  return value;
}
