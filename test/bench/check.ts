import { readScenario } from "../../src/core/scenario/readScenario.ts";

/** Prints how long a scenario of 2,000 lines takes to be read and checked, warm; the limit is 150 ms. */
export function benchCheck(): Promise<void> {
  const text = makeScenario(2000);
  const files = { exists: () => false, size: () => undefined, readText: () => undefined };
  const times: number[] = [];
  for (let round = 0; round < 30; round++) {
    const startedMs = performance.now();
    const { problems } = readScenario("bench.loadtest.yml", text, files);
    if (problems.length > 0) throw new Error(problems[0]?.message);
    times.push(performance.now() - startedMs);
  }
  const [first = 0, ...warm] = times;
  const sorted = warm.slice(4).toSorted((a, b) => a - b);
  const median = sorted[sorted.length >> 1] ?? 0;
  console.log(
    `check of ${text.split("\n").length} lines: first ${first.toFixed(1)} ms, warm median ${median.toFixed(1)} ms, limit 150 ms`,
  );
  return Promise.resolve();
}

function makeScenario(lines: number): string {
  let scenario =
    "execution:\n- concurrency: 5\n  hold-for: 1m\n  scenario: shop\nscenarios:\n  shop:\n    default-address: https://shop.example.com\n    requests:\n";
  for (let index = 0; scenario.split("\n").length < lines; index++) {
    scenario += `    - url: /products/${index}\n      label: Product ${index}\n      method: POST\n      headers: {X-Id: "${index}"}\n`;
    scenario += `      body: {id: ${index}}\n      extract-jsonpath: {token: $.token}\n      assert:\n      - contains: ["product ${index}"]\n`;
  }
  return scenario;
}
