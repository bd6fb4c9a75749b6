import type { Scenario, ScenarioBody, Step, ThinkTime, TransactionStep } from "../../core/scenario/model.ts";
import type { FileSource } from "../http/bundle.ts";
import { type CompiledRequest, compileRequest } from "../http/request.ts";
import type { Libraries } from "../extract/libraries.ts";
import { compileAmount } from "../language/amount.ts";
import { compileCondition } from "../language/condition.ts";
import { LanguageFault, type Text } from "../language/scope.ts";
import { compileText } from "../language/text.ts";
import { compileThinkTime } from "../language/thinkTime.ts";
import { Assembler, type Instruction } from "./assembler.ts";

/** A scenario body, compiled once for all its users: a flat list of instructions with jumps. */
export interface Program {
  readonly instructions: readonly Instruction[];
  readonly registers: number;
  /** Bodies of the scenario that it consists of: its own and the included ones. */
  readonly bodies: readonly ScenarioBody[];
}

export interface CompileContext {
  readonly scenario: Scenario;
  readonly bundle: FileSource;
  readonly libraries: Libraries;
  readonly tracesRequests: boolean;
}

/** Compiles a scenario body. @throws {LanguageFault} when part of it is beyond the generator @throws {UserError} for a file that cannot be read */
export function compileProgram(body: ScenarioBody, context: CompileContext): Program {
  return new Compiler(context).compile(body);
}

class Compiler {
  readonly #context: CompileContext;
  readonly #assembler = new Assembler();
  readonly #path: ScenarioBody[] = [];
  readonly #bodies = new Set<ScenarioBody>();

  constructor(context: CompileContext) {
    this.#context = context;
  }

  compile(body: ScenarioBody): Program {
    this.#addBody(body);
    const { instructions, registers } = this.#assembler;
    return { instructions, registers, bodies: [...this.#bodies] };
  }

  #addBody(body: ScenarioBody): void {
    if (this.#path.some(({ name }) => name === body.name)) {
      throw new LanguageFault(`The scenario "${body.name}" includes itself`);
    }
    this.#path.push(body);
    this.#bodies.add(body);
    this.#addSteps(body.steps, body);
    this.#path.pop();
  }

  #addSteps(steps: readonly Step[], body: ScenarioBody): void {
    for (const step of steps) this.#addStep(step, body);
  }

  #addStep(step: Step, body: ScenarioBody): void {
    switch (step.kind) {
      case "request":
        this.#addPause(step.thinkTime ?? body.thinkTime);
        this.#addRequest(compileRequest(step, { ...this.#context, body }));
        return;
      case "transaction":
        this.#addTransaction(step, () => this.#addSteps(step.steps, body));
        return;
      case "if":
        this.#assembler.addIf(
          compileCondition(step.condition),
          () => this.#addSteps(step.then, body),
          () => this.#addSteps(step.else, body),
        );
        return;
      case "loop":
        this.#assembler.addLoop(step.times === "forever" ? () => Infinity : compileAmount(step.times).render, () =>
          this.#addSteps(step.steps, body),
        );
        return;
      case "while":
        this.#assembler.addWhile(compileCondition(step.condition), () => this.#addSteps(step.steps, body));
        return;
      case "foreach":
        this.#assembler.addForeach(step.variable, step.collection, () => this.#addSteps(step.steps, body));
        return;
      case "once":
        this.#assembler.addOnce(() => this.#addSteps(step.steps, body));
        return;
      case "action":
        this.#addAction(step);
        return;
      case "set-variables":
        this.#addVariables(Object.entries(step.variables).map(([name, value]) => [name, compileText(value)]));
        return;
      case "include-scenario":
        this.#addBody(this.#included(step.scenario, body));
        return;
    }
  }

  // As in JMeter, what stands around an included scenario holds for it where it says nothing itself.
  #included(name: string, outer: ScenarioBody): ScenarioBody {
    const inner = this.#context.scenario.bodies[name];
    if (inner === undefined) throw new LanguageFault(`The included scenario "${name}" does not exist`);
    return {
      ...inner,
      defaultAddress: inner.defaultAddress ?? outer.defaultAddress,
      timeoutMs: inner.timeoutMs ?? outer.timeoutMs,
      contentEncoding: inner.contentEncoding ?? outer.contentEncoding,
    };
  }

  #addPause(thinkTime: ThinkTime | undefined): void {
    if (thinkTime === undefined) return;
    const draw = compileThinkTime(thinkTime);
    this.#assembler.add((user) => !user.pause(draw(user)));
  }

  #addRequest(request: CompiledRequest): void {
    this.#assembler.add((user) => {
      user.request(request);
      return false;
    });
  }

  #addTransaction(step: TransactionStep, addInner: () => void): void {
    const label = compileText(step.label);
    this.#assembler.add((user) => {
      user.beginTransaction(label.render(user), step);
      return true;
    });
    addInner();
    this.#assembler.add((user) => {
      user.endTransaction();
      return true;
    });
  }

  #addAction({ action, target, pauseMs }: Step & { readonly kind: "action" }): void {
    if (action === "pause") {
      const duration = compileAmount(pauseMs ?? 0).render;
      this.#assembler.add((user) => !user.pause(duration(user)));
      return;
    }
    if (action === "continue") {
      this.#assembler.add((user) => {
        user.position = Infinity;
        return true;
      });
      return;
    }
    this.#assembler.add((user) => {
      if (target === "all-threads") user.endAll(action === "stop-now");
      user.end();
      return false;
    });
  }

  #addVariables(variables: readonly (readonly [string, Text])[]): void {
    this.#assembler.add((user) => {
      for (const [name, value] of variables) user.variables.set(name, value.render(user));
      return true;
    });
  }
}
