import { Type, type Static, type TSchema } from "typebox";
import { Value } from "typebox/value";
import { parseJson } from "../json.ts";
import { runStatuses, type RunRecord, type TaskRecord } from "./run.ts";
import { AgentState, LiveRecord, StartSignal, StopRequest } from "./wire.ts";

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
  scenarios: Type.Optional(Type.Array(Text)),
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

const SignalSchema = Type.Object({ start: Type.Optional(StartSignal), stop: Type.Optional(StopRequest) });

/** Start signal and stop request of a run: one item, since a start is refused once a stop was asked for. */
export type Signal = Static<typeof SignalSchema>;

/** Reads one kind of record out of JSON text; undefined when it is none. */
export type ParseRecord<T> = (text: string) => T | undefined;

/** Makes the parser of a kind of record; the schema has to say what `T` does. */
export function makeParser<T>(schema: TSchema): ParseRecord<T> {
  const isRecord = (value: unknown): value is T => Value.Check(schema, value);
  return (text) => {
    const value = parseJson(text);
    return isRecord(value) ? value : undefined;
  };
}

export const parseRun: ParseRecord<RunRecord> = makeParser(RunSchema);
export const parseTask: ParseRecord<TaskRecord> = makeParser(TaskSchema);
export const parseSignal: ParseRecord<Signal> = makeParser(SignalSchema);
export const parseStart: ParseRecord<StartSignal> = makeParser(StartSignal);
export const parseStop: ParseRecord<StopRequest> = makeParser(StopRequest);
export const parseAgentState: ParseRecord<AgentState> = makeParser(AgentState);
export const parseLive: ParseRecord<LiveRecord> = makeParser(LiveRecord);
