import autocannon from "autocannon";
import { writeFileSync } from "node:fs";
import { shareOf } from "../../../src/core/run/share.ts";
import { Generator } from "../../../src/generator/generator.ts";
import { planOf } from "../../generator/runs.ts";

/**
 * One measured load process: `loadProcess.ts KIND ADDRESS USERS SECONDS` prints
 * `{requests, cpuSeconds, memoryMiB, failed}` of the time in which load was generated.
 */
const [kind = "", address = "", users = "100", seconds = "5"] = process.argv.slice(2);

const check = `
      extract-regexp: {token: '"token":"([^"]+)"'}
      assert: ['"id":42']`;

function yamlOf(extra: string, duration: string): string {
  return `
execution: [{concurrency: ${users}, hold-for: ${duration}s, scenario: s}]
scenarios:
  s:
    default-address: ${address}
    retrieve-resources: false
    requests:
    - url: /items/42
      label: item${extra}
`;
}

interface Outcome {
  readonly requests: number;
  readonly failed: number;
}

async function prepare(duration: string): Promise<() => Promise<Outcome>> {
  if (kind === "autocannon") {
    const options = { url: `${address}/items/42`, connections: Number(users), duration: Number(duration) };
    return async () => {
      const { requests, non2xx, errors } = await autocannon(options);
      return { requests: requests.total, failed: non2xx + errors };
    };
  }
  const extra = { plain: "", checked: check, memory: "\n      think-time: 1s" }[kind];
  if (extra === undefined) throw new Error(`There is no kind of load "${kind}".`);
  const plan = planOf(yamlOf(extra, duration));
  const signal = new AbortController().signal;
  const generator = await Generator.prepare({ plan, folder: ".", environment: {} }, signal);
  return async () => {
    const start = { share: shareOf(plan, 0, 1), startAtMs: Date.now() };
    const { labels } = await generator.run(start, () => undefined, signal);
    return { requests: labels[""]?.count ?? 0, failed: labels[""]?.failed ?? 0 };
  };
}

// Both generators are JavaScript: what is measured is their compiled code.
if (kind !== "memory") await (await prepare("2"))();
const generate = await prepare(seconds);
const before = process.cpuUsage();
const { requests, failed } = await generate();
const { user, system } = process.cpuUsage(before);
const memoryMiB = process.resourceUsage().maxRSS / 1024;
writeFileSync(1, `${JSON.stringify({ requests, failed, cpuSeconds: (user + system) / 1e6, memoryMiB })}\n`);
process.exit(0);
