import { setUpTaurus } from "../../src/local/taurusSetup/setup.ts";

/** Makes sure of a Taurus with JMeter, as `loadfleet setup taurus` does; it stays in the user's cache folder. */
export async function setup(): Promise<void> {
  await setUpTaurus((line) => process.stderr.write(`${line}\n`), AbortSignal.timeout(300_000));
}
