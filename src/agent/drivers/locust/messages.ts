import { Type, type Static } from "typebox";
import { Value } from "typebox/value";
import { parseJson } from "../../../core/json.ts";

const Message = Type.Union([
  Type.Object({
    event: Type.Literal("request"),
    label: Type.String(),
    endedAtMs: Type.Number(),
    elapsedMs: Type.Number({ minimum: 0 }),
    bytes: Type.Integer({ minimum: 0 }),
    code: Type.String(),
    failure: Type.Union([Type.String(), Type.Null()]),
  }),
  Type.Object({ event: Type.Literal("users"), count: Type.Integer({ minimum: 0 }) }),
  Type.Object({ event: Type.Literal("exception"), message: Type.String() }),
  Type.Object({ event: Type.Literal("failure"), message: Type.String() }),
  Type.Object({ event: Type.Literal("waiting") }),
  Type.Object({ event: Type.Literal("end") }),
]);
/** What `container/locust/loadfleet_locust.py` tells the agent, a JSON object a line. */
export type Message = Static<typeof Message>;

/** Reads a line of the channel; undefined when it is none of ours, such as half a line of a killed program. */
export function readMessage(line: string): Message | undefined {
  const value = parseJson(line);
  return Value.Check(Message, value) ? value : undefined;
}
