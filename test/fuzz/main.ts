import { mkdirSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fuzz } from "./fuzz.ts";

const [count = 100_000, seed = Date.now() % 1_000_000_000] = process.argv.slice(2).map(Number);
const batch = 1000;
const startedMs = performance.now();
let slowestMs = 0;
console.log(
  `fuzzing the scenario language with ${count} mutants from seed ${seed} (repeat with: npm run fuzz -- ${count} ${seed})`,
);
for (let done = 0; done < count; done += batch) {
  const size = Math.min(batch, count - done);
  const outcome = fuzz({ seed: seed + done, count: size, limit: 1024 * 1024, maxMs: 1000 });
  slowestMs = Math.max(slowestMs, outcome.slowestMs);
  for (const failure of outcome.failures) {
    const folder = join(tmpdir(), "loadfleet-fuzz");
    mkdirSync(folder, { recursive: true });
    const path = join(folder, `${failure.seed}.txt`);
    writeFileSync(path, failure.input);
    console.error(
      `FAILED seed ${failure.seed}: ${failure.reason}\n  input kept in ${path}; repeat with: npm run fuzz -- 1 ${failure.seed}`,
    );
    process.exitCode = 1;
  }
  const seconds = Math.round((performance.now() - startedMs) / 1000);
  if ((done / batch) % 10 === 0) {
    const { scenarios, plans } = outcome;
    console.log(
      `${done + size} done in ${seconds} s, slowest ${Math.round(slowestMs)} ms; of the last ${size}: ${scenarios} scenarios, ${plans} plans`,
    );
  }
}
console.log(
  `${count} mutants, slowest ${Math.round(slowestMs)} ms, ${process.exitCode === 1 ? "with failures" : "no failure"}`,
);
