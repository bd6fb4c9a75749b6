import { readFileSync } from "node:fs";
import { Aws, Fn, type Stack } from "aws-cdk-lib";
import { CfnProject } from "aws-cdk-lib/aws-codebuild";
import { CfnPipeline } from "aws-cdk-lib/aws-codepipeline";
import type { CfnRepository } from "aws-cdk-lib/aws-ecr";
import { CfnRule } from "aws-cdk-lib/aws-events";
import type { CfnRole } from "aws-cdk-lib/aws-iam";
import { containerKey } from "../src/core/stack/names.ts";
import { addRole, allow, allowUnscoped, arn } from "./access.ts";
import type { Conditions } from "./conditions.ts";
import type { Data } from "./data.ts";
import { addLogGroup } from "./logs.ts";
import { parameter } from "./parameters.ts";

/** What makes the image of a container zip. */
export interface ImagePipeline {
  readonly project: CfnProject;
  readonly pipeline: CfnPipeline;
}

const baseImage = "public.ecr.aws/docker/library/debian:bookworm-slim";

/** Adds the build of the image, which runs whenever a container zip is put into the scenarios bucket. */
export function addImagePipeline(
  stack: Stack,
  conditions: Conditions,
  data: Data,
  repository: CfnRepository,
): ImagePipeline {
  const project = addProject(stack, conditions, data, repository);
  const role = addRole(stack, "PipelineRole", "codepipeline", {
    conditions,
    statements: [
      allow(
        ["s3:GetBucketAcl", "s3:GetBucketLocation", "s3:GetBucketVersioning"],
        [data.scenarios.attrArn, data.pipeline.attrArn],
      ),
      allow(
        ["s3:GetObject", "s3:GetObjectTagging", "s3:GetObjectVersion", "s3:GetObjectVersionTagging"],
        [`${data.scenarios.attrArn}/${containerKey}`],
      ),
      allow(["s3:GetObject", "s3:GetObjectVersion", "s3:PutObject"], [`${data.pipeline.attrArn}/*`]),
      allow(["codebuild:BatchGetBuilds", "codebuild:StartBuild"], [project.attrArn]),
    ],
  });
  const pipeline = addPipeline(stack, role, data, project);
  addTrigger(stack, conditions, data, pipeline);
  return { project, pipeline };
}

function addProject(stack: Stack, conditions: Conditions, data: Data, repository: CfnRepository): CfnProject {
  const logs = addLogGroup(stack, "ImageLogs", `/loadfleet/${Aws.STACK_NAME}/image`);
  const role = addRole(stack, "ContainerCodeBuildRole", "codebuild", {
    conditions,
    statements: [
      allowUnscoped(["ecr:GetAuthorizationToken"]),
      allow(
        [
          "ecr:BatchCheckLayerAvailability",
          "ecr:BatchGetImage",
          "ecr:CompleteLayerUpload",
          "ecr:GetDownloadUrlForLayer",
          "ecr:InitiateLayerUpload",
          "ecr:PutImage",
          "ecr:UploadLayerPart",
        ],
        [repository.attrArn],
      ),
      allow(["logs:CreateLogStream", "logs:PutLogEvents"], [logs.attrArn]),
      allow(["s3:GetObject", "s3:GetObjectVersion"], [`${data.pipeline.attrArn}/*`]),
    ],
  });
  const byArchitecture = (arm: string, x86: string) => Fn.conditionIf(conditions.isArm.logicalId, arm, x86).toString();
  // The pipeline adds ARCHITECTURE.
  const variables = {
    REPOSITORY_URI: repository.attrRepositoryUri,
    BASE_IMAGE: baseImage,
  };
  return new CfnProject(stack, "ContainerCodeBuild", {
    name: `${Aws.STACK_NAME}-ContainerCodeBuild`,
    serviceRole: role.attrArn,
    source: {
      type: "CODEPIPELINE",
      buildSpec: readFileSync(new URL("../container/buildspec.yml", import.meta.url), "utf8"),
    },
    artifacts: { type: "CODEPIPELINE" },
    environment: {
      type: byArchitecture("ARM_CONTAINER", "LINUX_CONTAINER"),
      computeType: "BUILD_GENERAL1_SMALL",
      image: byArchitecture(
        "aws/codebuild/amazonlinux-aarch64-standard:3.0",
        "aws/codebuild/amazonlinux-x86_64-standard:5.0",
      ),
      // Docker runs inside the build.
      privilegedMode: true,
      environmentVariables: Object.entries(variables).map(([name, value]) => ({ name, value, type: "PLAINTEXT" })),
    },
    logsConfig: { cloudWatchLogs: { status: "ENABLED", groupName: logs.ref } },
    timeoutInMinutes: 60,
  });
}

function addPipeline(stack: Stack, role: CfnRole, data: Data, project: CfnProject): CfnPipeline {
  const action = (category: string, provider: string) => ({ category, owner: "AWS", provider, version: "1" });
  return new CfnPipeline(stack, "ContainerPipeline", {
    pipelineType: "V2",
    roleArn: role.attrArn,
    artifactStore: { type: "S3", location: data.pipeline.ref },
    // Another processor changes the pipeline too, and needs another image.
    restartExecutionOnUpdate: true,
    stages: [
      {
        name: "Source",
        actions: [
          {
            name: "ContainerZip",
            actionTypeId: action("Source", "S3"),
            configuration: { S3Bucket: data.scenarios.ref, S3ObjectKey: containerKey, PollForSourceChanges: "false" },
            outputArtifacts: [{ name: "Container" }],
          },
        ],
      },
      {
        name: "Build",
        actions: [
          {
            name: "Image",
            actionTypeId: action("Build", "CodeBuild"),
            configuration: {
              ProjectName: project.ref,
              EnvironmentVariables: Fn.join("", [
                '[{"name":"ARCHITECTURE","type":"PLAINTEXT","value":"',
                parameter("architecture"),
                '"}]',
              ]),
            },
            inputArtifacts: [{ name: "Container" }],
          },
        ],
      },
    ],
  });
}

function addTrigger(stack: Stack, conditions: Conditions, data: Data, pipeline: CfnPipeline): void {
  const pipelineArn = arn("codepipeline", pipeline.ref);
  const role = addRole(stack, "ContainerUploadedRole", "events", {
    conditions,
    statements: [allow(["codepipeline:StartPipelineExecution"], [pipelineArn])],
  });
  new CfnRule(stack, "ContainerUploaded", {
    description: "Builds the image of a container zip that was put into the scenarios bucket.",
    eventPattern: {
      source: ["aws.s3"],
      "detail-type": ["Object Created"],
      detail: { bucket: { name: [data.scenarios.ref] }, object: { key: [containerKey] } },
    },
    targets: [{ id: "pipeline", arn: pipelineArn, roleArn: role.attrArn }],
  });
}
