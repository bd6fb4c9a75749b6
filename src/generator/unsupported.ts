import type { RunPlan } from "../core/run/plan.ts";
import type { ExtraKey, RequestStep, ScenarioBody, Step } from "../core/scenario/model.ts";
import type { Problem, Range } from "../core/scenario/problem.ts";
import { compileAssertion } from "./extract/assertion.ts";
import { compileExtractor } from "./extract/extractor.ts";
import { compileRequest, type RequestContext } from "./http/request.ts";
import { compileResources } from "./http/resources.ts";
import { compileAmount } from "./language/amount.ts";
import { compileCondition } from "./language/condition.ts";
import { LanguageFault } from "./language/scope.ts";
import { compileText } from "./language/text.ts";
import { compileThinkTime } from "./language/thinkTime.ts";

const nothing = Buffer.alloc(0);

/** Lists everything in a plan that the embedded generator cannot do, so that nothing is left out silently. */
export function findUnsupported(plan: RunPlan): readonly Problem[] {
  return new Finder(plan).find();
}

class Finder {
  readonly #plan: RunPlan;
  readonly #problems: Problem[] = [];
  readonly #seen = new Set<string>();

  constructor(plan: RunPlan) {
    this.#plan = plan;
  }

  find(): readonly Problem[] {
    const { executions, bodies } = this.#plan.scenario;
    for (const execution of executions) {
      this.#addExtra(execution.extra);
      const { executor } = execution;
      if (executor !== undefined && executor !== "jmeter") {
        this.#add(execution.range, `The embedded driver cannot run the executor "${executor}"`);
      }
      const body = bodies[execution.scenario];
      if (body !== undefined) this.#checkBody(body, body.defaultAddress);
    }
    return this.#problems;
  }

  #add(range: Range, message: string): void {
    const { line, column, endLine, endColumn } = range;
    this.#problems.push({
      code: "unsupported-by-driver",
      severity: "error",
      file: this.#plan.scenario.file,
      line,
      column,
      endLine,
      endColumn,
      message: `${message}; the driver taurus can.`,
    });
  }

  #addExtra(extra: readonly ExtraKey[]): void {
    for (const { key, range } of extra) this.#add(range, `The embedded driver does not know the key "${key}"`);
  }

  #try(range: Range, compile: () => unknown): boolean {
    try {
      compile();
      return true;
    } catch (error) {
      if (!(error instanceof LanguageFault)) throw error;
      this.#add(range, error.message);
      return false;
    }
  }

  #checkBody(body: ScenarioBody, address: string | undefined): void {
    if (this.#seen.has(body.name)) return;
    this.#seen.add(body.name);
    this.#addExtra(body.extra);
    if (body.script !== undefined) {
      this.#add(body.range, `The embedded driver cannot run the script "${body.script}"`);
      return;
    }
    this.#try(body.range, () => compileResources(body));
    this.#try(body.range, () => Object.values({ ...body.variables, ...body.headers }).map(compileText));
    this.#checkSteps(body.steps, { ...body, defaultAddress: body.defaultAddress ?? address });
  }

  #checkSteps(steps: readonly Step[], body: ScenarioBody): void {
    for (const step of steps) this.#checkStep(step, body);
  }

  #checkStep(step: Step, body: ScenarioBody): void {
    switch (step.kind) {
      case "request":
        this.#checkRequest(step, body);
        return;
      case "transaction":
        this.#try(step.range, () => compileText(step.label));
        this.#checkSteps(step.steps, body);
        return;
      case "if":
        this.#try(step.range, () => compileCondition(step.condition));
        this.#checkSteps([...step.then, ...step.else], body);
        return;
      case "while":
        this.#try(step.range, () => compileCondition(step.condition));
        this.#checkSteps(step.steps, body);
        return;
      case "loop":
        this.#try(step.range, () => compileAmount(step.times));
        this.#checkSteps(step.steps, body);
        return;
      case "foreach":
      case "once":
        this.#checkSteps(step.steps, body);
        return;
      case "action":
        this.#try(step.range, () => compileAmount(step.pauseMs ?? 0));
        return;
      case "set-variables":
        this.#try(step.range, () => Object.values(step.variables).map(compileText));
        return;
      case "include-scenario": {
        const included = this.#plan.scenario.bodies[step.scenario];
        if (included !== undefined) this.#checkBody(included, body.defaultAddress);
        return;
      }
    }
  }

  #checkRequest(step: RequestStep, body: ScenarioBody): void {
    this.#addExtra(step.extra);
    const libraries = { jsonPath: undefined, css: undefined, checkCss: undefined, xpath: undefined };
    for (const one of step.extractors) this.#try(one.range, () => compileExtractor(one, libraries));
    for (const one of step.assertions) this.#try(one.range, () => compileAssertion(one, libraries));
    this.#try(step.range, () => compileThinkTime(step.thinkTime ?? body.thinkTime ?? { kind: "constant", ms: 0 }));
    const context: RequestContext = { body, libraries, bundle: { read: () => nothing }, tracesRequests: false };
    const bare = { ...step, extractors: [], assertions: [] };
    this.#try(step.range, () =>
      compileRequest(bare, { ...context, body: { ...body, extractors: [], assertions: [] } }),
    );
  }
}
