import type { Step } from "./model.ts";

/** Goes through steps and the steps inside them, in the order of the file. */
export function* walkSteps(steps: readonly Step[]): Generator<Step> {
  for (const step of steps) {
    yield step;
    if ("steps" in step) yield* walkSteps(step.steps);
    if (step.kind !== "if") continue;
    yield* walkSteps(step.then);
    yield* walkSteps(step.else);
  }
}
