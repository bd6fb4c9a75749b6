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
  export default function autocannon(options: Options): Promise<Result>;
}
