import { CfnDeletionPolicy, type CfnResource, type Stack } from "aws-cdk-lib";
import { CfnTable } from "aws-cdk-lib/aws-dynamodb";
import { CfnBucket, CfnBucketPolicy } from "aws-cdk-lib/aws-s3";
import { tableAttributes, tableIndexes } from "../src/core/stack/names.ts";
import { policyDocument } from "./access.ts";

/** What the stack keeps. */
export interface Data {
  readonly table: CfnTable;
  readonly scenarios: CfnBucket;
  readonly console: CfnBucket;
  /** Of CodePipeline's artifacts. */
  readonly pipeline: CfnBucket;
  /** Policies of the buckets that only the stack's own parts read. */
  readonly policies: readonly CfnBucketPolicy[];
}

/** Days after which an agent's uploads that nobody collected vanish. */
const inboxDays = 7;

/** Adds the table and the buckets; destroying the stack deletes them, replacing one of a person's data keeps the old. */
export function addData(stack: Stack): Data {
  const scenarios = addBucket(stack, "ScenariosBucket", {
    versioningConfiguration: { status: "Enabled" },
    notificationConfiguration: { eventBridgeConfiguration: { eventBridgeEnabled: true } },
    // A presigned address is the permission; the browser only has to be let through.
    corsConfiguration: {
      corsRules: [
        {
          allowedMethods: ["GET", "HEAD", "PUT"],
          allowedOrigins: ["*"],
          allowedHeaders: ["*"],
          exposedHeaders: ["ETag"],
          maxAge: 3600,
        },
      ],
    },
    lifecycleConfiguration: {
      rules: [
        { id: "inbox", status: "Enabled", prefix: "inbox/", expirationInDays: inboxDays },
        rules.incompleteUploads,
        { ...rules.oldVersions, noncurrentVersionExpiration: { noncurrentDays: 30 } },
      ],
    },
  });
  keepWhenReplaced(scenarios);
  const console = addBucket(stack, "ConsoleBucket", {
    versioningConfiguration: { status: "Enabled" },
    lifecycleConfiguration: {
      rules: [rules.incompleteUploads, { ...rules.oldVersions, noncurrentVersionExpiration: { noncurrentDays: 30 } }],
    },
  });
  const pipeline = addBucket(stack, "PipelineBucket", {
    versioningConfiguration: { status: "Enabled" },
    lifecycleConfiguration: {
      rules: [
        rules.incompleteUploads,
        { id: "artifacts", status: "Enabled", expirationInDays: 7 },
        { ...rules.oldVersions, noncurrentVersionExpiration: { noncurrentDays: 1 } },
      ],
    },
  });
  const policies = [
    addBucketPolicy(stack, "ScenariosBucketPolicy", scenarios),
    addBucketPolicy(stack, "PipelineBucketPolicy", pipeline),
  ];
  return { table: addTable(stack), scenarios, console, pipeline, policies };
}

/** Adds a bucket's policy: nothing without TLS, and the given statements. */
export function addBucketPolicy(
  stack: Stack,
  id: string,
  bucket: CfnBucket,
  statements: readonly object[] = [],
): CfnBucketPolicy {
  const tlsOnly = {
    Sid: "TlsOnly",
    Effect: "Deny",
    Principal: "*",
    Action: "s3:*",
    Resource: [bucket.attrArn, `${bucket.attrArn}/*`],
    Condition: { Bool: { "aws:SecureTransport": "false" } },
  };
  return new CfnBucketPolicy(stack, id, {
    bucket: bucket.ref,
    policyDocument: policyDocument([tlsOnly, ...statements]),
  });
}

const rules = {
  incompleteUploads: {
    id: "incomplete-uploads",
    status: "Enabled",
    abortIncompleteMultipartUpload: { daysAfterInitiation: 1 },
  },
  oldVersions: { id: "old-versions", status: "Enabled", expiredObjectDeleteMarker: true },
} as const;

function addBucket(stack: Stack, id: string, props: ConstructorParameters<typeof CfnBucket>[2]): CfnBucket {
  const bucket = new CfnBucket(stack, id, {
    ...props,
    bucketEncryption: {
      serverSideEncryptionConfiguration: [{ serverSideEncryptionByDefault: { sseAlgorithm: "AES256" } }],
    },
    publicAccessBlockConfiguration: {
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    },
    ownershipControls: { rules: [{ objectOwnership: "BucketOwnerEnforced" }] },
  });
  setDeletion(bucket, CfnDeletionPolicy.DELETE);
  return bucket;
}

function addTable(stack: Stack): CfnTable {
  const { partition, sort, testId, month, runId, record, expiresAt } = tableAttributes;
  const index = (indexName: string, hash: string) => ({
    indexName,
    keySchema: [
      { attributeName: hash, keyType: "HASH" },
      { attributeName: runId, keyType: "RANGE" },
    ],
    projection: { projectionType: "INCLUDE", nonKeyAttributes: [record] },
  });
  const table = new CfnTable(stack, "Table", {
    billingMode: "PAY_PER_REQUEST",
    attributeDefinitions: [partition, sort, testId, month, runId].map((attributeName) => ({
      attributeName,
      attributeType: "S",
    })),
    keySchema: [
      { attributeName: partition, keyType: "HASH" },
      { attributeName: sort, keyType: "RANGE" },
    ],
    globalSecondaryIndexes: [index(tableIndexes.byTest, testId), index(tableIndexes.byMonth, month)],
    timeToLiveSpecification: { attributeName: expiresAt, enabled: true },
    pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
  });
  keepWhenReplaced(table);
  return table;
}

/** Lets an update that would replace a resource with a person's data keep the old one. */
export function keepWhenReplaced(resource: CfnResource): void {
  setDeletion(resource, CfnDeletionPolicy.RETAIN);
}

function setDeletion(resource: CfnResource, whenReplaced: CfnDeletionPolicy): void {
  resource.cfnOptions.deletionPolicy = CfnDeletionPolicy.DELETE;
  resource.cfnOptions.updateReplacePolicy = whenReplaced;
}
