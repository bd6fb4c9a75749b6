import { Type, type TSchema } from "typebox";
import { Value } from "typebox/value";
import { UserError } from "../core/errors.ts";
import { runStatuses, type RunRecord, type TaskRecord } from "../core/run/run.ts";
import { AgentState, LiveRecord, StartSignal, StopRequest } from "../core/run/wire.ts";
import type { TestEntry } from "../fleet/ports.ts";

const Text = Type.String();
const OptionalText = Type.Optional(Text);
const NullableText = Type.Union([Text, Type.Null()]);
const NullableNumber = Type.Union([Type.Number(), Type.Null()]);

const RunSchema = Type.Object({
  schema: Type.Literal("loadfleet.run.v1"),
  runId: Type.String({ pattern: "^[0-9a-hjkmnp-tv-z]{26}$" }),
  testId: Text,
  name: Text,
  engine: Text,
  driver: Text,
  tasks: Type.Integer({ minimum: 1 }),
  status: Type.Union(runStatuses.map((status) => Type.Literal(status))),
  origin: Type.Object({ startedBy: Text, commit: OptionalText, scenarioPath: OptionalText, toolVersion: Text }),
  plannedMs: NullableNumber,
  createdAtMs: Type.Number(),
  startAtMs: NullableNumber,
  deadlineAtMs: NullableNumber,
  endedAtMs: NullableNumber,
  reason: NullableText,
  isPartial: Type.Boolean(),
  summary: Type.Union([
    Type.Object({ verdict: Text, count: Type.Number(), tasksReported: Type.Number() }),
    Type.Null(),
  ]),
});

const TaskSchema = Type.Object({
  task: Type.Integer({ minimum: 0 }),
  attempt: Type.Integer({ minimum: 1 }),
  launcherId: NullableText,
  identity: NullableText,
  state: Text,
  reason: NullableText,
  changedAtMs: Type.Number(),
});

const TestSchema = Type.Object({
  testId: Text,
  name: Text,
  scenarioPath: OptionalText,
  activeRunId: NullableText,
  lastRunId: NullableText,
  baselineRunId: NullableText,
  changedAtMs: Type.Number(),
});

const SignalSchema = Type.Object({ start: Type.Optional(StartSignal), stop: Type.Optional(StopRequest) });

/** Start signal and stop request of a run: one item, since a start is refused once a stop was asked for. */
export type Signal = Type.Static<typeof SignalSchema>;

/** Reads one kind of record out of a file's text. @throws {UserError} `corrupt-file`, naming the file */
export type Decode<T> = (text: string, path: string) => T;

function makeDecoder<T>(schema: TSchema): Decode<T> {
  const isRecord = (value: unknown): value is T => Value.Check(schema, value);
  return (text, path) => {
    const value = parse(text);
    if (isRecord(value)) return value;
    throw new UserError("corrupt-file", `${path} holds no valid record.`, {
      kind: "environment",
      hint: "Delete the file, or restore it from a backup; everything else stays usable.",
    });
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

export const decodeRun: Decode<RunRecord> = makeDecoder(RunSchema);
export const decodeTask: Decode<TaskRecord> = makeDecoder(TaskSchema);
export const decodeTest: Decode<TestEntry> = makeDecoder(TestSchema);
export const decodeSignal: Decode<Signal> = makeDecoder(SignalSchema);
export const decodeAgentState: Decode<AgentState> = makeDecoder(AgentState);
export const decodeLive: Decode<LiveRecord> = makeDecoder(LiveRecord);
