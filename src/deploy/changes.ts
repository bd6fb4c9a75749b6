import type { Change, ResourceChange } from "@aws-sdk/client-cloudformation";

/** What becomes of a resource; `replace` makes a new one in its place, `perhaps-replace` decides while it is done. */
export type ChangeKind = "add" | "change" | "perhaps-replace" | "replace" | "remove";

/** One resource that an update adds, changes or takes away. */
export interface StackChange {
  readonly kind: ChangeKind;
  readonly logicalId: string;
  /** As CloudFormation writes it: `AWS::S3::Bucket`. */
  readonly type: string;
  readonly physicalId: string | undefined;
  /** Names of the properties that differ, and `Tags`, `Metadata` and the like. */
  readonly properties: readonly string[];
  /** What it holds that would be lost, in words; undefined when nothing is: it holds nothing, or it is kept aside. */
  readonly loses: string | undefined;
}

/** A parameter of the stack that gets another value. */
export interface ParameterChange {
  readonly name: string;
  /** Undefined: the parameter is new. */
  readonly from: string | undefined;
  readonly to: string;
}

const contents: ReadonlyMap<string, string> = new Map([
  ["AWS::DynamoDB::Table", "all runs and tests"],
  ["AWS::S3::Bucket", "all files in it"],
  ["AWS::Cognito::UserPool", "all users"],
  ["AWS::ECR::Repository", "all images"],
  ["AWS::Logs::LogGroup", "all log lines"],
]);

/** Makes the list of what changes from the answer of DescribeChangeSet, the gravest first. */
export function decodeChanges(changes: readonly Change[]): readonly StackChange[] {
  return changes
    .flatMap(({ ResourceChange: change }) => (change === undefined ? [] : [decodeChange(change)]))
    .toSorted((a, b) => gravity(b) - gravity(a) || a.logicalId.localeCompare(b.logicalId));
}

/** The changes by which something is lost that no deployment brings back. */
export function losingChanges(changes: readonly StackChange[]): readonly StackChange[] {
  return changes.filter(({ loses }) => loses !== undefined);
}

function decodeChange(change: ResourceChange): StackChange {
  const type = change.ResourceType ?? "";
  const kind = kindOf(change);
  const properties = (change.Details ?? []).flatMap(({ Target }) => {
    const name = Target?.Name ?? Target?.Attribute;
    return name === undefined ? [] : [name];
  });
  const scope = (change.Scope ?? []).filter((attribute) => attribute !== "Properties");
  return {
    kind,
    logicalId: change.LogicalResourceId ?? "",
    type,
    physicalId: change.PhysicalResourceId,
    properties: [...new Set([...properties, ...scope])].toSorted(),
    loses: isLosing(kind, change.PolicyAction) ? contents.get(type) : undefined,
  };
}

function kindOf({ Action, Replacement }: ResourceChange): ChangeKind {
  if (Action === "Add" || Action === "Import") return "add";
  if (Action === "Remove") return "remove";
  if (Replacement === "True") return "replace";
  return Replacement === "Conditional" ? "perhaps-replace" : "change";
}

// A table that is kept when another takes its place still is lost to the stack: what reads it sees the empty one.
function isLosing(kind: ChangeKind, policy: string | undefined): boolean {
  if (kind === "remove") return policy !== "Retain";
  return kind === "replace" || kind === "perhaps-replace";
}

const order: readonly ChangeKind[] = ["add", "change", "perhaps-replace", "remove", "replace"];

function gravity({ kind, loses }: StackChange): number {
  return order.indexOf(kind) + (loses === undefined ? 0 : order.length);
}
