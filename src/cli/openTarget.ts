import type { DeployTarget } from "../deploy/target.ts";
import type { Work } from "../deploy/progress.ts";
import { systemClock } from "../local/systemClock.ts";
import type { Arguments } from "./arguments.ts";
import { connectToAws, readAwsChoice } from "./awsOptions.ts";
import type { Context } from "./context.ts";
import { formatProgress } from "./stackText.ts";
import { styleFor } from "./style.ts";

/** Opens the account and region that a command line names. @throws {UserError} kind `environment` */
export async function openTarget(args: Arguments, context: Context): Promise<DeployTarget> {
  const choice = readAwsChoice(args);
  const connection = await connectToAws(choice, context);
  const target = await import("../deploy/target.ts");
  return target.openTarget(connection, choice.stack, { clock: systemClock }, context.interrupted);
}

/** Does the work to its end and tells on stderr how it goes; `afterwards` is said when the person interrupts it. */
export async function showWork<T>(work: Work<T>, { stderr, interrupted }: Context, afterwards: string): Promise<T> {
  const { finish } = await import("../deploy/progress.ts");
  const style = styleFor(stderr);
  try {
    return await finish(work, (progress) => stderr.write(formatProgress(progress, style)));
  } catch (error) {
    if (interrupted.aborted) stderr.write(`${afterwards}\n`);
    throw error;
  }
}
