import { benchActivation } from "./activation.ts";
import { benchCheck } from "./check.ts";
import { benchContainers } from "./containers.ts";
import { benchGenerator } from "./generator.ts";
import { benchLatencyTruth } from "./latencyTruth.ts";
import { benchLedgerTraffic } from "./ledgerTraffic.ts";
import { benchMerge } from "./merge.ts";
import { benchOpenModel } from "./openModel.ts";
import { benchPanel } from "./panel.ts";
import { benchParser } from "./parser.ts";
import { benchReport } from "./report.ts";
import { benchStartSkew } from "./startSkew.ts";
import { benchTaurus } from "./taurus.ts";

const benches: Readonly<Record<string, () => Promise<void>>> = {
  check: benchCheck,
  merge: benchMerge,
  skew: benchStartSkew,
  generator: benchGenerator,
  containers: benchContainers,
  "open-model": benchOpenModel,
  latency: benchLatencyTruth,
  report: benchReport,
  panel: benchPanel,
  activation: benchActivation,
  taurus: benchTaurus,
  "ledger-traffic": benchLedgerTraffic,
  parser: benchParser,
};

const chosen = process.argv.slice(2);
const unknown = chosen.filter((name) => benches[name] === undefined);
if (unknown.length > 0) {
  console.error(`There is no bench ${unknown.join(", ")}; there are ${Object.keys(benches).join(", ")}.`);
  process.exitCode = 2;
} else {
  for (const [name, bench] of Object.entries(benches)) {
    if (chosen.length > 0 && !chosen.includes(name)) continue;
    console.log(`\n== ${name}`);
    await bench();
  }
}
