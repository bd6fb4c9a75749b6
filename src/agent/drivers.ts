import { UserError } from "../core/errors.ts";
import type { DriverName } from "../core/run/plan.ts";
import type { Driver } from "./driver.ts";
import { findToolchain } from "../local/taurusSetup/toolchain.ts";
import { makeEmbeddedDriver } from "./drivers/embedded/driver.ts";
import { makeTaurusDriver } from "./drivers/taurus/driver.ts";

/** Makes the driver that a plan asks for. @throws {UserError} `no-driver` when this agent has none of that name */
export function makeDriver(name: DriverName): Driver {
  if (name === "embedded") return makeEmbeddedDriver();
  if (name === "taurus") return makeTaurusDriver(() => findToolchain());
  throw new UserError("no-driver", `This agent cannot run ${name}.`, {
    kind: "environment",
    hint: "Choose the embedded driver for scenarios made of requests.",
  });
}
