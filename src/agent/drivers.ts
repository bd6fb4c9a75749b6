import type { DriverName } from "../core/run/plan.ts";
import type { Driver } from "./driver.ts";
import { findToolchain } from "../local/taurusSetup/toolchain.ts";
import { makeEmbeddedDriver } from "./drivers/embedded/driver.ts";
import { makeK6Driver } from "./drivers/k6/driver.ts";
import { makeLocustDriver } from "./drivers/locust/driver.ts";
import { makeTaurusDriver } from "./drivers/taurus/driver.ts";

/** Makes the driver that a plan asks for. */
export function makeDriver(name: DriverName): Driver {
  switch (name) {
    case "embedded":
      return makeEmbeddedDriver();
    case "taurus":
      return makeTaurusDriver(() => findToolchain());
    case "k6":
      return makeK6Driver();
    case "locust":
      return makeLocustDriver();
  }
}
