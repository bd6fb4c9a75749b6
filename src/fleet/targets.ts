import { evaluateExpression } from "../core/run/amount.ts";
import { valueAt } from "../core/run/environment.ts";
import type { RunPlan } from "../core/run/plan.ts";
import type { FileLookup } from "../core/scenario/files.ts";
import type { ScenarioBody, Step } from "../core/scenario/model.ts";
import { readScenario } from "../core/scenario/readScenario.ts";
import { walkSteps } from "../core/scenario/walkSteps.ts";

/** Where the requests of a plan go, as far as that can be told before it runs. */
export interface Targets {
  readonly hosts: ReadonlySet<string>;
  /** What decides only while the run is on where its requests go, one sentence each. */
  readonly unknown: readonly string[];
}

type Bodies = Readonly<Record<string, ScenarioBody>>;

/** Keys by which a Taurus configuration runs code of its own or changes the requests that are written in it. */
const decidingKeys = /"(?:modifications|jsr223|shellexec|setup-script)"/;
const noFiles: FileLookup = { exists: () => true, size: () => undefined, readText: () => undefined };

/** Finds the hosts of a plan's requests, with variables and default addresses put in. */
export function targetsOf(plan: RunPlan): Targets {
  const finder = new TargetFinder(plan);
  const { bodies, config } = plan.scenario;
  for (const { scenario } of plan.executions) finder.visit(bodies, scenario);
  // Taurus reads the configuration itself, which somebody may have written to differ from what stands beside it.
  if (plan.driver === "taurus") {
    const text = JSON.stringify({ ...config, "included-configs": [] });
    const own = readScenario(plan.scenario.file, text, noFiles).scenario?.bodies ?? {};
    for (const name of Object.keys(own)) finder.visit(own, name);
    const key = decidingKeys.exec(text)?.[0];
    if (key !== undefined) finder.unknown.add(`The key ${key} can send requests anywhere.`);
  }
  return { hosts: finder.hosts, unknown: [...finder.unknown] };
}

/** Tells whether a host is one of those that the stack's owner allows: by its name, or `*.example.com` for all below one. */
export function isAllowedTarget(host: string, allowed: readonly string[]): boolean {
  const name = host.toLowerCase();
  return allowed.some((pattern) => {
    const wanted = pattern.trim().toLowerCase();
    return wanted.startsWith("*.")
      ? name.endsWith(wanted.slice(1)) && name.length > wanted.length - 1
      : name === wanted;
  });
}

class TargetFinder {
  readonly hosts = new Set<string>();
  readonly unknown = new Set<string>();
  readonly #plan: RunPlan;
  /** Addresses with which a body has been visited. */
  readonly #seen = new Map<ScenarioBody, Set<string | undefined>>();

  constructor(plan: RunPlan) {
    this.#plan = plan;
  }

  visit(bodies: Bodies, name: string, inherited?: string): void {
    const body = bodies[name];
    const address = body?.defaultAddress ?? inherited;
    if (body === undefined || this.#seen.get(body)?.has(address)) return;
    this.#seen.set(body, new Set([...(this.#seen.get(body) ?? []), address]));
    if (body.script !== undefined)
      this.unknown.add(`The script "${body.script}" decides itself where it sends requests.`);
    if (body.extra.some(({ key }) => /jsr223|setup/.test(key)))
      this.unknown.add(`The code of the scenario "${name}" decides itself where it sends requests.`);
    const resolve = makeResolver(bodies, this.#plan);
    for (const step of walkSteps(body.steps)) this.#visitStep(step, bodies, address, resolve);
  }

  #visitStep(step: Step, bodies: Bodies, address: string | undefined, resolve: (text: string) => string): void {
    if (step.kind === "include-scenario") this.visit(bodies, step.scenario, address);
    if (step.kind !== "request") return;
    const host = hostOf(resolve(step.url), address === undefined ? undefined : resolve(address));
    if (host === undefined) this.unknown.add(`The host of the request "${step.url}" is not known before it is sent.`);
    else this.hosts.add(host);
  }
}

/** Replaces what has one value for the whole run: variables that nothing changes, properties and environment. */
function makeResolver(bodies: Bodies, plan: RunPlan): (text: string) => string {
  const constants = constantsOf(bodies);
  // Whoever sets properties while it runs can change any.
  const isOpen = JSON.stringify(Object.values(bodies)).includes("__setProperty");
  const changing = new Set([...Object.keys(plan.secrets), ...scenarioProperties(plan)]);
  const evaluate = (expression: string): string | undefined => {
    const name = expression.trim();
    if (!name.startsWith("__")) return constants.get(name);
    // A secret's value is not known here, and properties of one scenario win over those of the run.
    const property = /^__\w+\(\s*([^,)]*?)\s*[,)]/.exec(name)?.[1] ?? "";
    return isOpen || changing.has(property) ? undefined : evaluateExpression(name, plan.environment);
  };
  return (text) => {
    let current = text;
    for (let pass = 0; pass < 8; pass++) {
      current = current.replace(/\$\{([^${}]*)\}/g, (whole, expression: string) => evaluate(expression) ?? whole);
    }
    return current;
  };
}

function scenarioProperties({ scenario: { config } }: RunPlan): readonly string[] {
  const scenarios = valueAt(config, "scenarios");
  if (typeof scenarios !== "object" || scenarios === null) return [];
  return Object.keys(scenarios).flatMap((name) => Object.keys(valueAt(config, "scenarios", name, "properties") ?? {}));
}

/** Variables with the same value wherever they are set, and that no extractor, data row, step or function changes. */
function constantsOf(bodies: Bodies): ReadonlyMap<string, string> {
  const all = Object.values(bodies);
  const text = JSON.stringify(all);
  // Columns that only the file names can change any variable.
  if (all.some(({ dataSources }) => dataSources.some(({ names }) => !names))) return new Map();
  const changing = new Set(all.flatMap(changingVariables));
  const constants = new Map<string, string>();
  for (const [name, value] of all.flatMap(({ variables }) => Object.entries(variables))) {
    if (constants.has(name) && constants.get(name) !== value) changing.add(name);
    constants.set(name, value);
    const isStored = [...text.matchAll(/\$\{__(?!P\()\w+\(([^}]*)\)/g)].some(([, args = ""]) =>
      args.split(",").some((argument) => argument.trim() === name),
    );
    if (isStored) changing.add(name);
  }
  for (const name of changing) constants.delete(name);
  return constants;
}

function changingVariables({ steps, dataSources }: ScenarioBody): readonly string[] {
  const inSteps = [...walkSteps(steps)].flatMap((step): readonly string[] => {
    if (step.kind === "request") return step.extractors.map(({ variable }) => variable);
    if (step.kind === "foreach") return [step.variable];
    return step.kind === "set-variables" ? Object.keys(step.variables) : [];
  });
  return [...inSteps, ...dataSources.flatMap(({ names }) => names ?? [])];
}

/** The host of a URL, or of the address that it is a path on; undefined when either is only known later. */
function hostOf(url: string, address: string | undefined): string | undefined {
  if (/^(?:[a-z][a-z0-9+.-]*:)?\/\//i.test(url)) return hostIn(url);
  const fixed = url.split("${", 1)[0] ?? "";
  const mayBecomeAbsolute = fixed !== url && ["http://", "https://"].some((scheme) => scheme.startsWith(fixed));
  if (mayBecomeAbsolute || address === undefined) return undefined;
  return hostIn(/^[a-z][a-z0-9+.-]*:\/\//i.test(address) ? address : `http://${address}`);
}

function hostIn(address: string): string | undefined {
  const authority = /^(?:[a-z][a-z0-9+.-]*:)?\/\/([^/?#\\]*)/i.exec(address)?.[1] ?? "";
  if (authority === "" || authority.includes("${") || !URL.canParse(`http://${authority}`)) return undefined;
  return new URL(`http://${authority}`).hostname;
}
