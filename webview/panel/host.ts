import { UserError } from "../../src/core/errors.ts";
import type { HostMessage, PageMessage, PanelReplies, PanelRequest } from "../../src/core/panel/protocol.ts";

/** How the page reaches its host: messages out, and a state that outlives the page. */
export interface HostChannel {
  postMessage(message: PageMessage): void;
  getState(): unknown;
  setState(state: unknown): void;
}

/** Sends requests and keeps the promises of their replies. */
export class HostRequests {
  readonly #channel: HostChannel;
  readonly #open = new Map<number, PromiseWithResolvers<unknown>>();
  #lastId = 0;

  constructor(channel: HostChannel) {
    this.#channel = channel;
  }

  /** @throws {UserError} what the host refused the request with */
  send<Kind extends PanelRequest["kind"]>(
    request: Extract<PanelRequest, { readonly kind: Kind }>,
  ): Promise<PanelReplies[Kind]> {
    const id = ++this.#lastId;
    const answer = Promise.withResolvers<unknown>();
    this.#open.set(id, answer);
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- the editor is no window of a browser
    this.#channel.postMessage({ kind: "request", id, request });
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the contract: a request is answered with its reply
    return answer.promise as Promise<PanelReplies[Kind]>;
  }

  /** Settles the request that a reply or a refusal belongs to. */
  settle(message: Extract<HostMessage, { readonly kind: "reply" | "refusal" }>): void {
    const answer = this.#open.get(message.id);
    this.#open.delete(message.id);
    if (message.kind === "reply") answer?.resolve(message.reply);
    else {
      const { code, message: sentence, hint } = message.error;
      answer?.reject(new UserError(code, sentence, hint === undefined ? {} : { hint }));
    }
  }
}
