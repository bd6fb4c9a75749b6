import { execFile } from "node:child_process";
import { promisify } from "node:util";

const run = promisify(execFile);
const answerLimitMs = 20_000;

/** Asks a program something, such as its version; undefined when it is not there, fails or does not answer in time. */
export async function askProgram(program: string, args: readonly string[]): Promise<string | undefined> {
  try {
    const { stdout, stderr } = await run(program, args, { windowsHide: true, timeout: answerLimitMs });
    // Java answers on the other channel.
    return stdout.trim() || stderr.trim();
  } catch (error) {
    if (error instanceof Error) return undefined;
    throw error;
  }
}

/** The first number with dots in what a program says of itself. */
export async function askVersion(
  program: string,
  args: readonly string[] = ["--version"],
): Promise<string | undefined> {
  const answer = await askProgram(program, args);
  return answer === undefined ? undefined : /\d+(?:\.\d+)+/.exec(answer)?.[0];
}

/** Compares versions by their numbers; negative when `a` is older. */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [a, b].map((version) => version.split(/[.+-]/).map(Number));
  for (const [index, number] of (right ?? []).entries()) {
    const difference = (left?.[index] ?? 0) - number;
    if (difference !== 0) return difference;
  }
  return 0;
}
