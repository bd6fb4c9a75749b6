declare module "autocannon" {
  interface Options {
    readonly url: string;
    readonly connections: number;
    readonly duration: number;
    /** Requests per second over all connections. */
    readonly overallRate?: number;
  }
  interface Result {
    readonly requests: { readonly total: number };
    readonly non2xx: number;
    readonly errors: number;
    /** Whole ms. */
    readonly latency: { readonly p50: number; readonly p97_5: number; readonly p99: number };
  }
  interface Instance extends Promise<Result> {
    /** Tells of every answer and of its time in ms. */
    on(event: "response", listener: (client: unknown, status: number, bytes: number, ms: number) => void): void;
  }
  export default function autocannon(options: Options): Instance;
}
