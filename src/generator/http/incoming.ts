import { type HeaderMap, ReceivedResponse } from "./response.ts";

const longestKeptBody = 10 * 1024 * 1024;

/** The answer that is coming in. Of a body that nobody reads only the bytes are counted. */
export class Incoming {
  /** 0 until its head has come. */
  status = 0;
  statusText = "";
  headers: HeaderMap = {};
  bodyBytes = 0;
  #chunks: Buffer[] = [];
  #keepsBody = false;

  /** Forgets the last answer; what was made of it by {@link response} stays. */
  reset(): void {
    this.status = 0;
    this.statusText = "";
    this.headers = {};
    this.bodyBytes = 0;
    this.#chunks = [];
  }

  /** Takes the head. */
  begin(status: number, statusText: string, headers: HeaderMap): void {
    this.status = status;
    this.statusText = statusText;
    this.headers = headers;
  }

  /** Says whether the body that follows is kept. */
  keepBody(isKept: boolean): void {
    this.#keepsBody = isKept;
  }

  /** Takes a piece of the body. */
  add(chunk: Buffer): void {
    if (this.#keepsBody && this.bodyBytes < longestKeptBody) this.#chunks.push(chunk);
    this.bodyBytes += chunk.length;
  }

  /** The answer as a whole, as far as it has come and was kept. */
  response(url: string): ReceivedResponse {
    return new ReceivedResponse(url, this.status, this.statusText, this.headers, this.#chunks);
  }
}
