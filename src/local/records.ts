import { Type } from "typebox";
import { UserError } from "../core/errors.ts";
import {
  makeParser,
  parseAgentState,
  parseLive,
  parseRun,
  parseSignal,
  parseTask,
  type ParseRecord,
  type Signal,
} from "../core/run/records.ts";
import type { RunRecord, TaskRecord } from "../core/run/run.ts";
import type { AgentState, LiveRecord } from "../core/run/wire.ts";
import type { TestEntry } from "../fleet/ports.ts";

const Text = Type.String();
const NullableText = Type.Union([Text, Type.Null()]);

const TestSchema = Type.Object({
  testId: Text,
  name: Text,
  scenarioPath: Type.Optional(Text),
  activeRunId: NullableText,
  lastRunId: NullableText,
  baselineRunId: NullableText,
  changedAtMs: Type.Number(),
});

/** Reads one kind of record out of a file's text. @throws {UserError} `corrupt-file`, naming the file */
export type Decode<T> = (text: string, path: string) => T;

function makeDecoder<T>(parse: ParseRecord<T>): Decode<T> {
  return (text, path) => {
    const record = parse(text);
    if (record !== undefined) return record;
    throw new UserError("corrupt-file", `${path} holds no valid record.`, {
      kind: "environment",
      hint: "Delete the file, or restore it from a backup; everything else stays usable.",
    });
  };
}

export const decodeRun: Decode<RunRecord> = makeDecoder(parseRun);
export const decodeTask: Decode<TaskRecord> = makeDecoder(parseTask);
export const decodeTest: Decode<TestEntry> = makeDecoder(makeParser<TestEntry>(TestSchema));
export const decodeSignal: Decode<Signal> = makeDecoder(parseSignal);
export const decodeAgentState: Decode<AgentState> = makeDecoder(parseAgentState);
export const decodeLive: Decode<LiveRecord> = makeDecoder(parseLive);
