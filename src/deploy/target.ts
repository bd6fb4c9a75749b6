import { CloudFormationClient } from "@aws-sdk/client-cloudformation";
import type { S3Client } from "@aws-sdk/client-s3";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { explain } from "../aws/awsErrors.ts";
import { clientConfig, type Connection } from "../aws/clients.ts";
import { makeS3Client } from "../aws/s3Client.ts";
import type { Clock } from "../core/async.ts";

/** Where a stack is or will be, and how it is reached. */
export interface DeployTarget {
  /** The stack's name. */
  readonly stack: string;
  readonly region: string;
  /** Number of the account. */
  readonly account: string;
  /** Who deploys, as an ARN. */
  readonly identity: string;
  readonly connection: Connection;
  readonly cloudFormation: CloudFormationClient;
  readonly s3: S3Client;
  readonly clock: Clock;
  /** Between two looks at what AWS is doing. */
  readonly pollMs: number;
}

/** Pace of looking when nobody says otherwise: CloudFormation allows a few calls a second for the whole account. */
const usualPollMs = 2000;

/** Finds out which account and region a connection leads to. @throws {UserError} kind `environment` */
export async function openTarget(
  connection: Connection,
  stack: string,
  { clock, pollMs = usualPollMs }: { readonly clock: Clock; readonly pollMs?: number },
  signal: AbortSignal,
): Promise<DeployTarget> {
  const config = clientConfig(connection);
  const cloudFormation = new CloudFormationClient(config);
  const region = await explain("find the region", cloudFormation.config.region());
  const sts = new STSClient(config);
  const answer = await explain(
    "find out whose credentials these are",
    sts.send(new GetCallerIdentityCommand({}), { abortSignal: signal }),
  );
  const s3 = makeS3Client(connection);
  const { Account: account = "", Arn: identity = "" } = answer;
  return { stack, region, account, identity, connection, cloudFormation, s3, clock, pollMs };
}
