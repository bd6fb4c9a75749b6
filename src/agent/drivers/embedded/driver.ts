import { Generator } from "../../../generator/generator.ts";
import type { Driver } from "../../driver.ts";

/** Makes the driver that generates HTTP load inside this process, without Taurus, Java or Python. */
export function makeEmbeddedDriver(): Driver {
  let generator: Generator | undefined;
  return {
    identity: { name: "embedded", versions: { node: process.versions.node } },
    async prepare({ plan, folder, environment }, signal) {
      generator = await Generator.prepare({ plan, folder, environment }, signal);
    },
    async run(start, onInterval, stop) {
      if (generator === undefined) throw new Error("The embedded driver was not prepared.");
      return { ...(await generator.run(start, onInterval, stop)), artifacts: [] };
    },
  };
}
