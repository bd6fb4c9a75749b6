import type { ThinkTime } from "../../core/scenario/model.ts";
import { compileAmount } from "./amount.ts";
import type { Scope } from "./scope.ts";

/** Compiles a think time to a pause in ms, drawn anew each time as JMeter's timers draw it. @throws {LanguageFault} */
export function compileThinkTime(thinkTime: ThinkTime): (scope: Scope) => number {
  if (thinkTime.kind === "constant") return compileAmount(thinkTime.ms).render;
  const { kind, meanMs, deviationMs } = thinkTime;
  switch (kind) {
    case "uniform":
      return () => Math.max(0, meanMs - deviationMs + Math.random() * 2 * deviationMs);
    case "gaussian":
      return () => Math.max(0, meanMs + deviationMs * gaussian());
    case "poisson":
      return () => Math.max(0, deviationMs + poisson(meanMs - deviationMs));
  }
}

function gaussian(): number {
  return Math.sqrt(-2 * Math.log(1 - Math.random())) * Math.cos(2 * Math.PI * Math.random());
}

function poisson(mean: number): number {
  if (mean <= 0) return 0;
  // Far from 0 the normal distribution is the same to the eye, and its cost does not grow with the mean.
  if (mean > 30) return Math.max(0, Math.round(mean + Math.sqrt(mean) * gaussian()));
  const limit = Math.exp(-mean);
  let count = 0;
  for (let product = Math.random(); product > limit; product *= Math.random()) count++;
  return count;
}
