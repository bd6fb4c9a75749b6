import type { Checked } from "./checkScenario.ts";
import type { IncludeScenarioStep, RequestStep, ScenarioBody, Step } from "./model.ts";
import { nearest } from "./nearest.ts";
import { replaceAt } from "./report.ts";
import { openSection, take } from "./section.ts";
import type { TreeNode } from "./tree.ts";
import { walkSteps } from "./walkSteps.ts";

/** Tools that generate load out of `requests`; the others need a script or settings of their own. */
const requestExecutors = new Set([
  "jmeter",
  "locust",
  "gatling",
  "apiritif",
  "grinder",
  "siege",
  "ab",
  "tsung",
  "pbench",
  "selenium",
]);

/** Includes inside includes that are followed. */
const maxIncludes = 50;

/** Checks what users do: scenarios that do nothing, includes that lead nowhere or in a circle, and URLs. */
export function checkSteps(checked: Checked): void {
  const visited = new Set<string>();
  for (const { execution } of checked.executions) {
    const body = bodyOf(checked, execution.scenario);
    if (body === undefined) continue;
    checkNotEmpty(checked, body, execution.executor);
    visitBody(checked, body, { address: undefined, path: [], visited });
  }
}

interface Visit {
  /** Address of the scenario that includes this one. */
  readonly address: string | undefined;
  /** Scenarios that include each other down to this one. */
  readonly path: readonly string[];
  /** Scenarios that were visited with an address. */
  readonly visited: Set<string>;
}

function visitBody(checked: Checked, body: ScenarioBody, visit: Visit): void {
  const address = body.defaultAddress ?? visit.address;
  const key = JSON.stringify([body.name, address]);
  if (visit.visited.has(key)) return;
  visit.visited.add(key);
  const path = [...visit.path, body.name];
  for (const step of walkSteps(body.steps)) {
    if (step.kind === "request") checkUrl(checked, step, address);
    const included = step.kind === "include-scenario" ? checkInclude(checked, step, path) : undefined;
    if (included !== undefined) visitBody(checked, included, { ...visit, address, path });
  }
}

function bodyOf({ scenario }: Checked, name: string): ScenarioBody | undefined {
  return Object.hasOwn(scenario.bodies, name) ? scenario.bodies[name] : undefined;
}

function nodeOf({ reader, config }: Checked, step: Step): TreeNode {
  return reader.nodes.get(step) ?? config;
}

function checkNotEmpty({ reader, bodyNodes, config }: Checked, body: ScenarioBody, executor: string | undefined): void {
  if (body.script !== undefined || body.steps.length > 0 || body.extra.length > 0) return;
  if (executor !== undefined && !requestExecutors.has(executor)) return;
  const node = bodyNodes.get(body.name) ?? config;
  const requests = take(openSection(node), "requests");
  // Requests that could not be read have been reported.
  if (requests !== undefined && !(requests.kind === "list" && requests.items.length === 0)) return;
  const message = `The scenario "${body.name}" does nothing: add requests, or script with the path of a JMX, k6 or Locust file.`;
  reader.report("empty-scenario", node, message);
}

function checkInclude(checked: Checked, step: IncludeScenarioStep, path: readonly string[]): ScenarioBody | undefined {
  const { report } = checked.reader;
  const node = nodeOf(checked, step);
  const included = bodyOf(checked, step.scenario);
  if (included === undefined) {
    const meant = nearest(step.scenario, Object.keys(checked.scenario.bodies));
    const advice = meant === undefined ? "define it under scenarios" : `write "${meant}" if you mean that`;
    const fix = meant === undefined ? undefined : replaceAt(node, meant);
    report("unknown-scenario", node, `There is no scenario "${step.scenario}" to include: ${advice}.`, { fix });
  } else if (path.length > maxIncludes) {
    report(
      "include-cycle",
      node,
      `Scenarios include each other more than ${maxIncludes} levels deep here: include fewer inside each other.`,
    );
    return undefined;
  } else if (path.includes(step.scenario)) {
    const circle = [...path.slice(path.indexOf(step.scenario)), step.scenario].join(" → ");
    report(
      "include-cycle",
      node,
      `These scenarios include each other without end: ${circle}; remove one of the includes.`,
    );
    return undefined;
  }
  return included;
}

function checkUrl(checked: Checked, step: RequestStep, address: string | undefined): void {
  const { report } = checked.reader;
  const node = nodeOf(checked, step);
  const { url } = step;
  const scheme = /^([a-z][a-z\d+.-]*):\/\//i.exec(url)?.[1]?.toLowerCase();
  if (scheme === undefined) {
    if (address !== undefined || url.startsWith("${")) return;
    const message = `"${clip(url)}" names no host: add default-address to the scenario, or write the whole URL with http:// or https://.`;
    report("no-address", node, message);
  } else if (scheme !== "http" && scheme !== "https") {
    const meant = nearest(scheme, ["http", "https"]);
    const fix = meant === undefined ? undefined : replaceAt(node, meant + url.slice(scheme.length));
    report("bad-url", node, `"${scheme}://" cannot be requested: write http:// or https://.`, { fix });
  } else if (!url.includes("${") && (!URL.canParse(url) || /\s/.test(url.trim()))) {
    report("bad-url", node, `"${clip(url)}" is not a URL: check it for spaces, colons and brackets.`);
  }
}

function clip(url: string): string {
  return url.length > 80 ? `${url.slice(0, 80)}…` : url;
}
