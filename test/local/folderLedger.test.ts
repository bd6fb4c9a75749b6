import { spawn } from "node:child_process";
import { once } from "node:events";
import { appendFile, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";
import { makeTestId } from "../../src/core/run/ids.ts";
import type { RunRecord } from "../../src/core/run/run.ts";
import { FolderLedger } from "../../src/local/folderLedger.ts";
import { summary } from "../extension/runs/samples.ts";
import { makeRun, makeTask, runIdOf } from "../fleet/records.ts";

let root: string;
let said: string[];
let ledger: FolderLedger;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "loadfleet-ledger-"));
  said = [];
  ledger = new FolderLedger(root, (sentence) => said.push(sentence));
});
afterEach(() => rm(root, { recursive: true }));

const runFile = (number: number): string => join(root, "ledger", "runs", runIdOf(number), "run.000001.json");

test.each(["", "{", "[]", '{"schema":"loadfleet.run.v1"}'])(
  "a damaged run (%j) is named and left out of listings, and named when it is asked for",
  async (text) => {
    for (const number of [0, 1]) {
      await ledger.submit(makeRun({ runId: runIdOf(number), testId: makeTestId(`test ${number}`) }));
    }
    await writeFile(runFile(0), text);
    expect((await ledger.listRuns({ limit: 5 })).items.map(({ runId }) => runId)).toEqual([runIdOf(1)]);
    expect(said).toEqual([`${runFile(0)} holds no valid record.`]);
    await expect(ledger.getRun(runIdOf(0))).rejects.toMatchObject({ code: "corrupt-file" });
  },
);

test("a damaged test is named and left out", async () => {
  await ledger.submit(makeRun());
  const path = join(root, "ledger", "tests", "test-shop.000001.json");
  await writeFile(path, "nothing");
  expect(await ledger.listTests()).toEqual([]);
  expect(said).toEqual([`${path} holds no valid record.`]);
});

test("a live record that is still being written is not read", async () => {
  const record = { second: 1, seconds: 1, users: 1, labels: {} };
  await ledger.putLive("a-0-1", record);
  await appendFile(join(root, "ledger", "agents", "a-0-1", "live", "000000.ndjson"), '{"second":2,"sec');
  expect(await ledger.getLive(["a-0-1"], 0)).toEqual([{ identity: "a-0-1", record }]);
});

test("live records go when the next run begins, and stay when there is no result", async () => {
  const record = { second: 1, seconds: 1, users: 1, labels: {} };
  const run = async (number: number, told: RunRecord["summary"]) => {
    const begun = makeRun({ runId: runIdOf(number) });
    await ledger.submit(begun);
    await ledger.putTask(begun.runId, undefined, makeTask({ identity: `live-${number}-1` }));
    await ledger.putLive(`live-${number}-1`, record);
    await ledger.closeRun({ ...begun, status: "complete", summary: told });
  };
  const kept = async () =>
    (await ledger.getLive(["live-0-1", "live-1-1", "live-2-1"], 0)).map(({ identity }) => identity);
  await run(0, summary);
  expect(await kept()).toEqual(["live-0-1"]);
  await run(1, null);
  expect(await kept()).toEqual(["live-1-1"]);
  await run(2, summary);
  expect(await kept()).toEqual(["live-1-1", "live-2-1"]);
});

test("a lock that a closer which died left behind does not stand in the way", async () => {
  await ledger.submit(makeRun());
  await writeFile(
    join(root, "ledger", "runs", runIdOf(0), "run.000002.json"),
    JSON.stringify(makeRun({ status: "failed" })),
  );
  expect(await ledger.submit(makeRun({ runId: runIdOf(1) }))).toBe("written");
});

test("closing again releases what a closer which died left locked", async () => {
  await ledger.submit(makeRun());
  const closed = makeRun({ status: "failed" });
  await writeFile(join(root, "ledger", "runs", runIdOf(0), "run.000002.json"), JSON.stringify(closed));
  expect(await ledger.closeRun(closed)).toBe("conflict");
  expect((await ledger.getTest(makeTestId("shop")))?.activeRunId).toBeNull();
  expect(await ledger.listOpenRuns()).toEqual([]);
});

test("of several processes that submit the same test at once exactly one wins", async () => {
  const program = fileURLToPath(new URL("./submitOnce.ts", import.meta.url));
  const submit = async (number: number): Promise<string> => {
    const child = spawn(process.execPath, [program, root, String(number)], { stdio: ["ignore", "pipe", "inherit"] });
    let text = "";
    child.stdout.on("data", (chunk) => (text += String(chunk)));
    await once(child, "close");
    return text;
  };
  const outcomes = await Promise.all([0, 1, 2, 3].map(submit));
  expect(outcomes.toSorted()).toEqual(["conflict", "conflict", "conflict", "written"]);
  const winner = runIdOf(outcomes.indexOf("written"));
  expect((await ledger.getTest(makeTestId("shop")))?.activeRunId).toBe(winner);
  expect(await ledger.listOpenRuns()).toEqual([winner]);
});
