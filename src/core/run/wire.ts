import { Type, type Static } from "typebox";

const Count = Type.Integer({ minimum: 0 });

/** A histogram of response times: HdrHistogram V2 (uncompressed, or compressed), base64, 3 significant digits. */
export const WireHistogram = Type.Object({
  unit: Type.Union([Type.Literal("ms"), Type.Literal("us")]),
  v2: Type.String(),
});
export type WireHistogram = Static<typeof WireHistogram>;

/** Errors of one kind; `message` is `no detail` for what the engine says nothing about, `other` beyond 100 kinds. */
export const ErrorKind = Type.Object({ message: Type.String(), code: Type.String(), count: Count });
export type ErrorKind = Static<typeof ErrorKind>;

/** What a task measured for one label over the whole run. Times are ms with up to three decimals, bytes are totals. */
export const LabelFigures = Type.Object({
  count: Count,
  failed: Count,
  /** In flight when the run was stopped; neither in `count` nor in `failed`. */
  aborted: Count,
  bytesIn: Count,
  bytesOut: Count,
  sumMs: Type.Number({ minimum: 0 }),
  /** 0 when `count` is 0. */
  minMs: Type.Number({ minimum: 0 }),
  maxMs: Type.Number({ minimum: 0 }),
  connectSumMs: Type.Number({ minimum: 0 }),
  /** Time to the first byte, summed. */
  latencySumMs: Type.Number({ minimum: 0 }),
  codes: Type.Record(Type.String(), Count),
  errors: Type.Array(ErrorKind, { maxItems: 101 }),
  histogram: WireHistogram,
});
export type LabelFigures = Static<typeof LabelFigures>;

/** Who measured, and with what: `{name: "embedded", versions: {loadfleet: "0.1.0", node: "24.21.0"}}`. */
export const DriverIdentity = Type.Object({ name: Type.String(), versions: Type.Record(Type.String(), Type.String()) });
export type DriverIdentity = Static<typeof DriverIdentity>;

/** How a task's load ended. */
const TaskOutcome = Type.Union([
  Type.Literal("finished"),
  Type.Literal("stopped"),
  Type.Literal("deadline"),
  Type.Literal("failed"),
]);
export type TaskOutcome = Static<typeof TaskOutcome>;

/** A task's complete figures (gzip of JSON, at most 8 MiB unpacked). Written by the agent, read by collect. */
export const TaskReport = Type.Object({
  schema: Type.Literal("loadfleet.task.v1"),
  runId: Type.String(),
  /** Number of the task, from 0. */
  task: Count,
  tasks: Count,
  driver: DriverIdentity,
  /** The agreed start instant, and the instant at which this task really began. */
  startAtMs: Type.Number(),
  startedAtMs: Type.Number(),
  endedAtMs: Type.Number(),
  /** Null when there was no sample. */
  firstSampleAtMs: Type.Union([Type.Number(), Type.Null()]),
  lastSampleAtMs: Type.Union([Type.Number(), Type.Null()]),
  outcome: TaskOutcome,
  /** One sentence when the outcome is not `finished`. */
  reason: Type.Optional(Type.String()),
  /** From which instant response times count: the actual send, or the intended start of the open model. */
  latencyFrom: Type.Union([Type.Literal("send"), Type.Literal("intended-start")]),
  /** Sentences for the person, for example that the target rate was not held and what was reached. */
  notes: Type.Array(Type.String(), { maxItems: 20 }),
  /** Highest share of one core over a second, of the whole task, 0..1 (may exceed 1 with several cores). */
  cpuPeakRatio: Type.Number({ minimum: 0 }),
  memoryPeakMiB: Type.Number({ minimum: 0 }),
  maxUsers: Count,
  /** `""` is all requests. */
  labels: Type.Record(Type.String(), LabelFigures),
});
export type TaskReport = Static<typeof TaskReport>;

/** Seconds of one task for the live view; as JSON at most 1 KB in AWS, 8 KB in a folder. Written by the agent, read by watch. */
export const LiveRecord = Type.Object({
  /** First second covered, counted from the start instant, and how many. */
  second: Count,
  seconds: Type.Integer({ minimum: 1 }),
  users: Count,
  /** Number of the task. */
  task: Type.Optional(Count),
  /** Labels that the task has seen so far and that are left out; those that are kept are named then even without samples. */
  hidden: Type.Optional(Count),
  /** What the task uses now: share of one core, memory, and how late its event loop is. */
  usage: Type.Optional(
    Type.Object({
      cpuRatio: Type.Number({ minimum: 0 }),
      memoryMiB: Type.Number({ minimum: 0 }),
      lateMs: Type.Optional(Type.Number({ minimum: 0 })),
    }),
  ),
  /** The most frequent kinds of errors of the stretch, as far as there is room. */
  errors: Type.Optional(Type.Array(ErrorKind, { maxItems: 5 })),
  /** `""` and at most 5 labels in AWS, 20 in a folder. */
  labels: Type.Record(
    Type.String(),
    Type.Object({
      count: Count,
      failed: Count,
      bytes: Count,
      sumMs: Type.Number(),
      histogram: Type.Optional(WireHistogram),
    }),
  ),
});
export type LiveRecord = Static<typeof LiveRecord>;

/** What an agent says about itself; only that agent writes it. */
export const AgentState = Type.Object({
  state: Type.Union([
    Type.Literal("preparing"),
    Type.Literal("ready"),
    Type.Literal("running"),
    Type.Literal("uploading"),
    Type.Literal("done"),
    Type.Literal("failed"),
    Type.Literal("late"),
    Type.Literal("duplicate"),
  ]),
  atMs: Type.Number(),
  reason: Type.Optional(Type.String()),
});
export type AgentState = Static<typeof AgentState>;

/** Share of one task, see `Share` in plan.ts. */
const WireShare = Type.Object({
  index: Count,
  of: Type.Integer({ minimum: 1 }),
  executions: Type.Array(
    Type.Object({
      users: Type.Union([Count, Type.Null()]),
      firstUser: Count,
      ratePerSecond: Type.Union([Type.Number({ minimum: 0 }), Type.Null()]),
    }),
  ),
});

/** The signal that starts the load: written once, and only if no stop was asked for. */
export const StartSignal = Type.Object({
  startAtMs: Type.Number(),
  /** Absolute instant at which every agent ends by itself. */
  deadlineAtMs: Type.Number(),
  /** Task numbers that take part → their share. */
  roster: Type.Record(Type.String(), WireShare),
  /** Task numbers → the identity that holds the number; an agent of another identity is a duplicate. */
  identities: Type.Optional(Type.Record(Type.String(), Type.String())),
});
export type StartSignal = Static<typeof StartSignal>;

/** A request to end the run gracefully. */
export const StopRequest = Type.Object({
  atMs: Type.Number(),
  by: Type.Union([Type.Literal("person"), Type.Literal("rule"), Type.Literal("deadline"), Type.Literal("failure")]),
  reason: Type.String(),
  /** Of a rule: whether what it found fails the run (default true). */
  isFailure: Type.Optional(Type.Boolean()),
});
export type StopRequest = Static<typeof StopRequest>;
