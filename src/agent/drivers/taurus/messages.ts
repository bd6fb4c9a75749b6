import { Type, type Static } from "typebox";
import { Value } from "typebox/value";
import { parseJson } from "../../../core/json.ts";
import { LabelFigures } from "../../../core/run/wire.ts";

const Count = Type.Integer({ minimum: 0 });

const Second = Type.Object({
  event: Type.Literal("second"),
  second: Count,
  users: Count,
  labels: Type.Record(
    Type.String(),
    Type.Object({
      count: Count,
      failed: Count,
      bytes: Count,
      sumMs: Type.Number(),
      histogram: Type.Optional(Type.String()),
    }),
  ),
});

const Total = Type.Object({
  ...Type.Omit(LabelFigures, ["histogram", "errors"]).properties,
  errors: Type.Array(Type.Object({ message: Type.String(), code: Type.String(), count: Count })),
  histogram: Type.String(),
});
/** Everything that was measured for one label; its histogram is HdrHistogram V2 of ms, base64. */
export type Total = Static<typeof Total>;

const Figures = Type.Object({
  event: Type.Literal("figures"),
  final: Type.Boolean(),
  firstSampleAtMs: Type.Union([Type.Number(), Type.Null()]),
  lastSampleAtMs: Type.Union([Type.Number(), Type.Null()]),
  labels: Type.Record(Type.String(), Total),
});
/** All figures so far; `final` when nothing follows. */
export type Figures = Static<typeof Figures>;

const Failure = Type.Object({
  event: Type.Literal("failure"),
  /** Class of the exception in Taurus. */
  kind: Type.String(),
  message: Type.String(),
  /** What JMeter printed and logged, as Taurus gathers it. */
  detail: Type.String(),
});
/** Why Taurus gave up. */
export type Failure = Static<typeof Failure>;

const Message = Type.Union([
  Second,
  Figures,
  Failure,
  Type.Object({ event: Type.Literal("engine"), pid: Count }),
  Type.Object({ event: Type.Literal("waiting") }),
  Type.Object({ event: Type.Literal("end"), code: Type.Integer() }),
]);
/** What the Python modules of `container/reporter` tell the agent, a JSON object a line. */
export type Message = Static<typeof Message>;

/** Reads a line of the channel; undefined when it is none of ours, such as half a line of a killed program. */
export function readMessage(line: string): Message | undefined {
  const value = parseJson(line);
  return Value.Check(Message, value) ? value : undefined;
}
