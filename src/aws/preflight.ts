import { CodeBuildClient, BatchGetBuildsCommand, ListBuildsForProjectCommand } from "@aws-sdk/client-codebuild";
import { DescribeSubnetsCommand, EC2Client } from "@aws-sdk/client-ec2";
import { DescribeImagesCommand, ECRClient } from "@aws-sdk/client-ecr";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { errorMessage, UserError } from "../core/errors.ts";
import type { PreflightCheck } from "../core/run/forecast.ts";
import type { RunPlan } from "../core/run/plan.ts";
import { targetsOf } from "../fleet/targets.ts";
import { awsError, explain, isNamed } from "./awsErrors.ts";
import { clientConfig, type Connection } from "./clients.ts";
import { demandOf, judgeAddresses, judgeSecrets, judgeTargets, judgeVcpus, judgeVersion } from "./preflightRules.ts";
import { readVcpuQuota } from "./quotas.ts";
import type { Stack } from "./stack.ts";

/** What a preflight looks at. */
export interface PreflightSubject {
  readonly plan: RunPlan;
  readonly stack: Stack;
  readonly connection: Connection;
  readonly toolVersion: string;
  readonly nowMs: number;
  /** Checks of the run itself, such as those of the stack's caps; each may throw a UserError. */
  readonly more: readonly ((signal: AbortSignal) => Promise<PreflightCheck>)[];
}

/**
 * Looks at everything that could keep a run from starting, all at once. What cannot be looked at is a warning, since
 * the run may well start; what is known to be in the way is an error.
 * @throws {UserError} when the credentials do not work, as nothing else can be looked at then
 */
export async function preflight(subject: PreflightSubject, signal: AbortSignal): Promise<readonly PreflightCheck[]> {
  const identity = await checkIdentity(subject, signal);
  const { plan, stack, toolVersion } = subject;
  const others = await Promise.all([
    guard("image", "see the image", checkImage(subject, signal)),
    guard("vcpu-quota", "read the quota of Fargate vCPUs", checkVcpus(subject, signal)),
    guard("free-addresses", "count the free addresses of the subnets", checkAddresses(subject, signal)),
    ...subject.more.map((check) => guard("run", "check the run", check(signal))),
  ]);
  return [
    identity,
    judgeVersion(stack, toolVersion),
    ...judgeSecrets(plan),
    ...judgeTargets(targetsOf(plan).hosts),
    ...others,
  ];
}

/** What a person may act on is an error; a service that does not answer, or not to them, is a warning. */
async function guard(code: string, doing: string, check: Promise<PreflightCheck>): Promise<PreflightCheck> {
  try {
    return await check;
  } catch (error) {
    const known = awsError(error, doing);
    if (known instanceof UserError) {
      const { message, hint } = errorMessage(known);
      const isAboutAws = known.code.startsWith("aws-");
      return {
        code: isAboutAws ? code : known.code,
        severity: isAboutAws ? "warning" : "error",
        message,
        ...(hint === undefined ? {} : { hint }),
        kind: known.kind,
      };
    }
    if (known.name === "AbortError") throw known;
    return { code, severity: "warning", message: `Could not ${doing}: ${known.message}` };
  }
}

async function checkIdentity({ connection, stack }: PreflightSubject, signal: AbortSignal): Promise<PreflightCheck> {
  const sts = new STSClient(clientConfig(connection));
  const { Account, Arn } = await explain(
    "find out who you are for AWS",
    sts.send(new GetCallerIdentityCommand({}), { abortSignal: signal }),
  );
  return {
    code: "identity",
    severity: "ok",
    message: `You are ${Arn ?? "unknown"} in account ${Account ?? "unknown"}; the stack is "${stack.name}" in ${stack.region}.`,
  };
}

async function checkImage({ connection, stack }: PreflightSubject, signal: AbortSignal): Promise<PreflightCheck> {
  const ecr = new ECRClient(clientConfig(connection));
  const image = { repositoryName: stack.repository, imageIds: [{ imageTag: "latest" }] };
  try {
    const { imageDetails } = await ecr.send(new DescribeImagesCommand(image), { abortSignal: signal });
    const pushedAt = imageDetails?.[0]?.imagePushedAt;
    const since = pushedAt === undefined ? "" : ` since ${pushedAt.toISOString().slice(0, 10)}`;
    return { code: "image", severity: "ok", message: `The image of the tasks is there${since}.` };
  } catch (error) {
    if (!isNamed(error, "ImageNotFoundException")) throw error;
  }
  const build = await newestBuild(connection, stack.buildProject, signal);
  if (build === undefined || build === "IN_PROGRESS") {
    const message = "The image of the tasks is being built; the run waits for it.";
    return { code: "image", severity: "warning", message };
  }
  throw new UserError("image-missing", `There is no image to run tasks from: its newest build is ${build}.`, {
    kind: "environment",
    hint: 'See why with "loadfleet status", or upload a container with "loadfleet image update ZIP".',
  });
}

async function newestBuild(
  connection: Connection,
  projectName: string,
  signal: AbortSignal,
): Promise<string | undefined> {
  const codeBuild = new CodeBuildClient(clientConfig(connection));
  const { ids } = await codeBuild.send(new ListBuildsForProjectCommand({ projectName, sortOrder: "DESCENDING" }), {
    abortSignal: signal,
  });
  const [id] = ids ?? [];
  if (id === undefined) return undefined;
  const { builds } = await codeBuild.send(new BatchGetBuildsCommand({ ids: [id] }), { abortSignal: signal });
  return builds?.[0]?.buildStatus;
}

async function checkVcpus(subject: PreflightSubject, signal: AbortSignal): Promise<PreflightCheck> {
  const { plan, connection, nowMs, stack } = subject;
  const demand = demandOf(plan);
  const quota = await readVcpuQuota(demand.isSpot, connection, nowMs, signal);
  return judgeVcpus(demand, quota, stack.region);
}

async function checkAddresses(
  { plan, connection, stack }: PreflightSubject,
  signal: AbortSignal,
): Promise<PreflightCheck> {
  const demand = demandOf(plan);
  const ec2 = new EC2Client(clientConfig(connection));
  if (stack.subnets.length === 0) return judgeAddresses(demand, []);
  const { Subnets } = await ec2.send(new DescribeSubnetsCommand({ SubnetIds: [...stack.subnets] }), {
    abortSignal: signal,
  });
  return judgeAddresses(
    demand,
    (Subnets ?? []).map(({ SubnetId, AvailableIpAddressCount }) => ({
      id: SubnetId ?? "",
      free: AvailableIpAddressCount ?? 0,
    })),
  );
}
