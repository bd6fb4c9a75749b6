import { appendFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { makeRunId } from "../../src/core/run/ids.ts";
import { readTaskLog } from "../../src/local/taskLog.ts";

describe("the log of a task", () => {
  const runId = makeRunId(1, new Uint8Array(10));
  let root = "";
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "loadfleet-log-"));
  });
  afterEach(() => rmSync(root, { recursive: true }));

  const write = (name: string, text: string): string => {
    const path = join(root, "runs", runId, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
    return path;
  };

  it("is empty while there is none", async () => {
    expect(await readTaskLog(root, runId, 0, undefined)).toEqual({ text: "", next: 0, isCut: false });
  });

  it("is read on from where it was left, in whole lines", async () => {
    const path = write("agent-0.log", "first\nsec");
    const start = await readTaskLog(root, runId, 0, undefined);
    expect(start).toEqual({ text: "first\n", next: 6, isCut: false });
    appendFileSync(path, "ond ä\n");
    expect((await readTaskLog(root, runId, 0, start.next)).text).toBe("second ä\n");
  });

  it("begins 64 KiB before its end", async () => {
    write("agent-0.log", `${"x".repeat(99)}\n`.repeat(2000));
    const { text, next, isCut } = await readTaskLog(root, runId, 0, undefined);
    expect([text.length, next, isCut]).toEqual([64 * 1024, 200_000, true]);
  });

  it("is Taurus' own while that runs", async () => {
    write("agent-0.log", "agent\n");
    write(join("work", `${runId}-0-1-claim`, "taurus-artifacts", "bzt.log"), "bzt\n");
    expect((await readTaskLog(root, runId, 0, undefined)).text).toBe("bzt\n");
  });
});
