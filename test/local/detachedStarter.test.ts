import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { makeRunId } from "../../src/core/run/ids.ts";
import { DetachedStarter } from "../../src/local/detachedStarter.ts";
import { localPace } from "../../src/local/pace.ts";
import { runFolder } from "../../src/local/runFolder.ts";

test("takes a run whose runner's mark is damaged for abandoned, so that it is closed", async () => {
  const root = mkdtempSync(join(tmpdir(), "loadfleet-starter-"));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  const starter = new DetachedStarter({ root, runnerPath: "unused", agentPath: "unused", pace: localPace });
  const runId = makeRunId(0, new Uint8Array(10));
  mkdirSync(runFolder(root, runId), { recursive: true });
  writeFileSync(join(runFolder(root, runId), "runner.json"), '{"pid": 12');
  expect(await starter.isAlive(runId)).toBe(false);
});
