import type { Outgoing } from "./outgoing.ts";
import type { ReceivedResponse } from "./response.ts";

/** One request and its answer, out of the one or more that a sample consists of. Instants of `performance.now()`. */
export interface Hop {
  readonly request: Outgoing;
  readonly response: ReceivedResponse | undefined;
  readonly failure: Error | undefined;
  readonly startedMs: number;
  /** 0 when an open connection was used. */
  readonly tcpConnectedMs: number;
  readonly connectedMs: number;
  readonly firstByteMs: number;
  readonly endedMs: number;
}

/** When the phases of the hop under way came, as instants of `performance.now()`; 0 for one that has not come. */
export class HopTimes {
  /** Beginning of connecting, or of sending on an open connection. */
  startedMs = 0;
  connectStartMs = 0;
  tcpConnectedMs = 0;
  connectedMs = 0;
  firstByteMs = 0;

  get isConnecting(): boolean {
    return this.connectStartMs > 0 && this.connectedMs === 0;
  }

  reset(): void {
    this.startedMs = 0;
    this.connectStartMs = 0;
    this.tcpConnectedMs = 0;
    this.connectedMs = 0;
    this.firstByteMs = 0;
  }

  /** Notes that the request is being sent, unless that was noted before. */
  begin(nowMs: number): void {
    if (this.startedMs === 0) this.startedMs = this.connectStartMs === 0 ? nowMs : this.connectStartMs;
  }
}
