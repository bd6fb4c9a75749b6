import type { TransactionStep } from "../../core/scenario/model.ts";
import type { CompiledRequest } from "../http/request.ts";
import type { Scope } from "../language/scope.ts";

/** What an instruction does to the virtual user that executes it. */
export interface Machine extends Scope {
  /** Number of the next instruction. */
  position: number;
  /** Counters of loops and flags of `once`; they outlive an iteration. */
  readonly registers: number[];
  request(request: CompiledRequest): void;
  /** Waits before a request or for an action; false when there is nothing to wait for. */
  pause(ms: number): boolean;
  beginTransaction(label: string, step: TransactionStep): void;
  endTransaction(): void;
  end(): void;
  endAll(isAtOnce: boolean): void;
}

/** One step of a compiled scenario; false when the user waits for something and goes on later. */
export type Instruction = (user: Machine) => boolean;

/** Puts instructions one after the other, with the jumps that blocks consist of. */
export class Assembler {
  readonly #instructions: Instruction[] = [];
  #registers = 0;

  get instructions(): readonly Instruction[] {
    return this.#instructions;
  }

  /** Registers that a user needs to execute the instructions. */
  get registers(): number {
    return this.#registers;
  }

  add(instruction: Instruction): void {
    this.#instructions.push(instruction);
  }

  /** Adds a place for a jump; the answer sets where it leads: to the instruction that comes next then. */
  #addJump(isTaken: (user: Machine) => boolean): () => void {
    let target = 0;
    this.add((user) => {
      if (isTaken(user)) user.position = target;
      return true;
    });
    return () => {
      target = this.#instructions.length;
    };
  }

  #addJumpBack(target: number): void {
    this.add((user) => {
      user.position = target;
      return true;
    });
  }

  /** Adds a choice between two blocks. */
  addIf(condition: (scope: Scope) => boolean, addThen: () => void, addElse: () => void): void {
    const register = this.#registers++;
    // JMeter asks twice, before each branch; asking once keeps a branch from changing the answer for the other.
    const toElse = this.#addJump((user) => {
      const holds = condition(user);
      user.registers[register] = holds ? 1 : 0;
      return !holds;
    });
    addThen();
    toElse();
    const toEnd = this.#addJump((user) => user.registers[register] === 1);
    addElse();
    toEnd();
  }

  /** Adds a block that is repeated so many times. */
  addLoop(times: (scope: Scope) => number, addInner: () => void): void {
    const register = this.#registers++;
    this.add((user) => {
      user.registers[register] = 0;
      return true;
    });
    const start = this.#instructions.length;
    const toEnd = this.#addJump((user) => {
      const done = user.registers[register] ?? 0;
      user.registers[register] = done + 1;
      return done >= times(user);
    });
    addInner();
    this.#addJumpBack(start);
    toEnd();
  }

  /** Adds a block that is repeated while a condition holds. */
  addWhile(condition: (scope: Scope) => boolean, addInner: () => void): void {
    const start = this.#instructions.length;
    const toEnd = this.#addJump((user) => !condition(user));
    addInner();
    this.#addJumpBack(start);
    toEnd();
  }

  /** Adds a block that is repeated for `collection_1`, `collection_2`, …, each in the variable. */
  addForeach(variable: string, collection: string, addInner: () => void): void {
    const register = this.#registers++;
    this.add((user) => {
      user.registers[register] = 0;
      return true;
    });
    const start = this.#instructions.length;
    const toEnd = this.#addJump((user) => {
      const next = (user.registers[register] ?? 0) + 1;
      const value = user.variables.get(`${collection}_${String(next)}`);
      if (value === undefined) return true;
      user.registers[register] = next;
      user.variables.set(variable, value);
      return false;
    });
    addInner();
    this.#addJumpBack(start);
    toEnd();
  }

  /** Adds a block that a user executes in its first iteration only. */
  addOnce(addInner: () => void): void {
    const register = this.#registers++;
    const toEnd = this.#addJump((user) => {
      if (user.registers[register] === 1) return true;
      user.registers[register] = 1;
      return false;
    });
    addInner();
    toEnd();
  }
}
