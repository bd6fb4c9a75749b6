import { Type } from "typebox";
import { Value } from "typebox/value";
import { readIfPresent } from "../../../local/files.ts";

const Summary = Type.Object({
  metrics: Type.Record(
    Type.String(),
    Type.Object({
      thresholds: Type.Optional(Type.Record(Type.String(), Type.Boolean())),
      passes: Type.Optional(Type.Number()),
      fails: Type.Optional(Type.Number()),
      count: Type.Optional(Type.Number()),
    }),
  ),
});

/** Makes sentences of k6's own summary: its thresholds, its checks, and iterations that could not begin. */
export async function notesOfSummary(path: string): Promise<readonly string[]> {
  const bytes = await readIfPresent(path);
  if (bytes === undefined) return [];
  const summary: unknown = JSON.parse(bytes.toString("utf8"));
  if (!Value.Check(Summary, summary)) return [];
  const { metrics } = summary;
  const thresholds = Object.entries(metrics).flatMap(([metric, { thresholds: own = {} }]) =>
    // In this file k6 writes true for a threshold that was crossed.
    Object.entries(own).map(
      ([rule, isCrossed]) => `k6's threshold ${metric} ${rule} ${isCrossed ? "was crossed" : "held"} in this task.`,
    ),
  );
  const { passes = 0, fails = 0 } = metrics["checks"] ?? {};
  const dropped = metrics["dropped_iterations"]?.count ?? 0;
  return [
    ...thresholds,
    ...(fails > 0 ? [`${fails} of ${passes + fails} checks of the script failed.`] : []),
    ...(dropped > 0
      ? [`${dropped} iterations could not begin in time: k6 had no free user for them, so the rate was not held.`]
      : []),
  ];
}
