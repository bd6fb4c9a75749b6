import type { Criterion } from "../../core/results/criterion.ts";
import type { Range } from "../../core/scenario/problem.ts";
import type { Scenario } from "../../core/scenario/model.ts";
import { walkSteps } from "../../core/scenario/walkSteps.ts";

/** A test below a file: a scenario with the criteria about it, or a criterion. */
export interface TestNode {
  /** Unique among its siblings. */
  readonly id: string;
  readonly label: string;
  readonly range: Range | undefined;
  readonly children: readonly TestNode[];
}

/** Key of a criterion, equal for the rule that was made of it. */
export function criterionId({ text, label }: { readonly text: string; readonly label: string }): string {
  return `criterion ${text} ${label}`;
}

/**
 * Lays a file's tests out: its scenarios, below each the criteria about its requests. With a single scenario all
 * criteria are about it; with several, those about all requests stand beside them.
 */
export function layOutTests({ executions, bodies, criteria }: Scenario): readonly TestNode[] {
  const names = [...new Set(executions.map(({ scenario }) => scenario))];
  const left = new Set(criteria);
  const scenarios = names.map((name): TestNode => {
    const steps = [...walkSteps(bodies[name]?.steps ?? [])];
    const labels = new Set(steps.map((step) => ("label" in step ? step.label : "")));
    const own = [...left].filter(({ label }) => names.length === 1 || (label !== "" && labels.has(label)));
    for (const criterion of own) left.delete(criterion);
    const range = executions.find(({ scenario }) => scenario === name)?.range;
    return { id: `scenario ${name}`, label: name, range, children: unique(own) };
  });
  return [...scenarios, ...unique([...left])];
}

function unique(criteria: readonly Criterion[]): readonly TestNode[] {
  const nodes = criteria.map((criterion) => ({
    id: criterionId(criterion),
    label: criterion.message ?? criterion.text,
    range: criterion.range,
    children: [],
  }));
  return [...new Map(nodes.map((node) => [node.id, node])).values()];
}
