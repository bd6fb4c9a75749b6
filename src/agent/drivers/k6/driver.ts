import { UserError } from "../../../core/errors.ts";
import { askVersion } from "../../../local/taurusSetup/program.ts";
import { readVersions } from "../../../local/taurusSetup/support.ts";
import type { Driver } from "../../driver.ts";
import { makeSampledDriver } from "../sampled/driver.ts";
import { K6Execution } from "./execution.ts";

/** Makes the driver that lets k6 run its scripts and reads every sample that it measures. */
export function makeK6Driver(): Driver {
  return makeSampledDriver({
    name: "k6",
    async find() {
      const k6 = await askVersion("k6", ["version"]);
      if (k6 !== undefined) return { k6 };
      throw new UserError("k6-missing", "There is no k6 on this machine.", {
        kind: "environment",
        hint: `Install k6 ${readVersions().k6} and have it on PATH.`,
      });
    },
    start: (job, share, index, signal) => K6Execution.start(job, share, index, signal),
    notesOn: ({ plan }) =>
      plan.executions.some(({ ratePerSecond }) => ratePerSecond !== null)
        ? ["k6 keeps the rate in iterations: a script that sends several requests in one sends more."]
        : [],
  });
}
