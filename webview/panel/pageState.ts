import type { PanelSubject } from "../../src/core/panel/protocol.ts";
import type { Keeper } from "../result/kept.ts";
import type { HostChannel } from "./host.ts";

/** Keeps what the panel shows and what a person chose in it, in the state that the editor restores after a reload. */
export class PageState implements Keeper {
  readonly #channel: HostChannel;
  #subject: PanelSubject | undefined;
  #kept: Readonly<Record<string, unknown>>;

  constructor(channel: HostChannel) {
    this.#channel = channel;
    const state = channel.getState();
    const kept = typeof state === "object" && state !== null && "kept" in state ? state.kept : undefined;
    this.#kept = typeof kept === "object" && kept !== null ? { ...kept } : {};
  }

  show(subject: PanelSubject): void {
    this.#subject = subject;
    this.#save();
  }

  get(key: string): unknown {
    return this.#kept[key];
  }

  set(key: string, value: unknown): void {
    this.#kept = { ...this.#kept, [key]: value };
    this.#save();
  }

  /** Without a subject the host could not restore anything. */
  #save(): void {
    if (this.#subject) this.#channel.setState({ subject: this.#subject, kept: this.#kept });
  }
}
