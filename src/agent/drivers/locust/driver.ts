import { existsSync } from "node:fs";
import { realpath } from "node:fs/promises";
import { dirname, join } from "node:path";
import { UserError } from "../../../core/errors.ts";
import { askProgram } from "../../../local/taurusSetup/program.ts";
import { readVersions } from "../../../local/taurusSetup/support.ts";
import { whereIs } from "../../../local/taurusSetup/toolchain.ts";
import type { Driver } from "../../driver.ts";
import { makeSampledDriver } from "../sampled/driver.ts";
import { LocustExecution } from "./execution.ts";

const question = "import locust, platform; print(locust.__version__, platform.python_version())";

/** Makes the driver that lets Locust run locustfiles and plain requests, and takes every sample that it measures. */
export function makeLocustDriver(): Driver {
  let python = "";
  return makeSampledDriver({
    name: "locust",
    async find() {
      python = (await findPython()) ?? "";
      const [locust, version] = (python && (await askProgram(python, ["-c", question])))?.split(" ") ?? [];
      if (locust !== undefined && version !== undefined) return { locust, python: version };
      throw new UserError("locust-missing", "There is no Locust on this machine.", {
        kind: "environment",
        hint: `Install Locust ${readVersions().locust} with pip and have it on PATH.`,
      });
    },
    start: (job, share, index, signal) => LocustExecution.start(job, { share, index, python }, signal),
    notesOn: () => ["Locust does not measure connect time and latency: they are 0."],
  });
}

/** The Python beside the program `locust`: that of its environment. */
async function findPython(): Promise<string | undefined> {
  const program = whereIs("locust");
  if (program === undefined) return undefined;
  const folder = dirname(await realpath(program));
  return ["python", "python3", "python.exe"].map((name) => join(folder, name)).find((path) => existsSync(path));
}
