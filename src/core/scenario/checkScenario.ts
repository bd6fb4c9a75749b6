import { checkCriteria } from "./checkCriteria.ts";
import { checkLoad } from "./checkLoad.ts";
import { checkSteps } from "./checkSteps.ts";
import { checkVariables } from "./checkVariables.ts";
import type { Execution, Scenario } from "./model.ts";
import type { PlacedCriterion } from "./readCriteria.ts";
import type { Reader } from "./section.ts";
import type { MapNode, TreeNode } from "./tree.ts";

/** An execution with the node that holds it. */
export interface PlacedExecution {
  readonly execution: Execution;
  readonly node: TreeNode;
}

/** A scenario with the nodes that it was read from. */
export interface Checked {
  readonly scenario: Scenario;
  readonly config: MapNode;
  readonly criteria: readonly PlacedCriterion[];
  readonly executions: readonly PlacedExecution[];
  readonly bodyNodes: ReadonlyMap<string, TreeNode>;
  /** Labels of the samplers in JMX scripts; undefined when a script holds labels that are not known. */
  readonly scriptLabels: readonly string[] | undefined;
  readonly reader: Reader;
}

/** Reports what is well formed but cannot work, or works in another way than it looks. */
export function checkScenario(checked: Checked): void {
  checkLoad(checked);
  checkSteps(checked);
  checkVariables(checked);
  checkCriteria(checked);
}
