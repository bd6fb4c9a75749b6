import type { DebugBody, DebugHop, DebugSample, DebugTrace } from "../core/run/debug.ts";
import { makeConnector } from "./http/connections.ts";
import type { Exchange } from "./http/exchange.ts";
import { failureText } from "./http/failure.ts";
import type { Hop } from "./http/hop.ts";
import type { CompiledRequest } from "./http/request.ts";
import { decodeBody, headerPairs } from "./http/response.ts";
import type { RunPlan } from "../core/run/plan.ts";
import { type CompiledBody, compileScenario } from "./load/compiledScenario.ts";
import type { Crowd, UserTrace } from "./load/crowd.ts";
import { Recorder } from "./load/recorder.ts";
import { lastSampleOk, User } from "./load/user.ts";
import type { Scope } from "./language/scope.ts";
import { Masker } from "./secrets.ts";

const longestBody = 256 * 1024;
const mostSamples = 1_000;

/**
 * Runs one user through one iteration of each scenario of a plan and keeps everything that was sent and received, with
 * secrets masked unless the environment says `LOADFLEET_SHOW_SECRETS=1`. Pauses are skipped. Aborting `signal` ends it
 * with what there is.
 * @param folder holds the unpacked bundle
 * @param environment the plan's environment with its secrets resolved
 * @throws {UserError} as `Generator.prepare`
 */
export async function debugOnce(
  plan: RunPlan,
  folder: string,
  environment: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<DebugTrace> {
  const startedAtMs = Date.now();
  const compiled = await compileScenario({ plan, folder, environment }, signal);
  const masker = new Masker(plan, environment);
  const samples: DebugSample[] = [];
  const notes: string[] = [];
  for (const scenario of new Set(plan.executions.map((execution) => execution.scenario))) {
    if (signal.aborted) break;
    const isCut = await runUser(compiled.bodyOf(scenario), new Tracer(scenario, masker, samples), signal);
    if (isCut) notes.push(`The scenario "${scenario}" was ended after ${String(mostSamples)} requests.`);
  }
  if (signal.aborted) notes.push("It was stopped before its end.");
  return {
    schema: "loadfleet.debug.v1",
    name: plan.name,
    file: plan.scenario.file,
    startedAtMs,
    samples,
    notes,
  };
}

async function runUser(body: CompiledBody, tracer: Tracer, signal: AbortSignal): Promise<boolean> {
  const { program, feeds, variables, properties, tls, storesCookies } = body;
  const { promise: ended, resolve: end } = Promise.withResolvers<undefined>();
  const recorder = new Recorder({ startMs: performance.now(), histogramLabels: new Set(), onSecond: () => undefined });
  const crowd: Crowd = {
    program,
    feeds,
    variables,
    properties,
    connector: makeConnector(tls),
    storesCookies,
    recorder,
    iterations: 1,
    isOver: () => signal.aborted || tracer.isFull,
    pace: undefined,
    onUserEnd: () => end(undefined),
    endAll: () => undefined,
    trace: tracer,
  };
  const user = new User(crowd, 1);
  const abort = (): void => user.abort();
  signal.addEventListener("abort", abort, { once: true });
  user.start();
  await ended;
  signal.removeEventListener("abort", abort);
  return tracer.isFull;
}

class Tracer implements UserTrace {
  readonly #scenario: string;
  readonly #masker: Masker;
  readonly #samples: DebugSample[];
  #own = 0;
  #known = new Map<string, string>();

  constructor(scenario: string, masker: Masker, samples: DebugSample[]) {
    this.#scenario = scenario;
    this.#masker = masker;
    this.#samples = samples;
  }

  get isFull(): boolean {
    return this.#own >= mostSamples;
  }

  onSample(
    user: Scope,
    request: CompiledRequest,
    label: string,
    exchange: Exchange | undefined,
    failure: string,
  ): void {
    this.#own++;
    const masker = this.#masker;
    const response = exchange === undefined || exchange.failure !== undefined ? undefined : exchange.response;
    this.#samples.push({
      scenario: this.#scenario,
      label: masker.text(label),
      failure: failure === "" ? null : masker.text(failure),
      elapsedMs: exchange === undefined ? 0 : exchange.endedMs - exchange.startedMs,
      hops: exchange?.hops.map((hop) => this.#hopOf(hop)) ?? [],
      assertions:
        response === undefined
          ? []
          : request.assertions.map(({ name, check }) => {
              const fault = check(response, user);
              return {
                name: masker.text(name),
                isPassed: fault === undefined,
                expected: fault === undefined ? null : masker.text(fault.expected),
                actual: fault === undefined ? null : masker.text(fault.actual.slice(0, longestBody)),
              };
            }),
      variables: this.#changesOf(user.variables),
      line: request.line,
    });
  }

  #changesOf(variables: ReadonlyMap<string, string>): DebugSample["variables"] {
    const changed = [...variables].filter(([name, value]) => this.#known.get(name) !== value && name !== lastSampleOk);
    this.#known = new Map(variables);
    return changed.map(([name, value]) => ({ name, value: this.#masker.text(value) }));
  }

  #hopOf(hop: Hop): DebugHop {
    const { request, response, failure } = hop;
    return {
      method: request.method,
      url: this.#masker.text(`${request.origin}${request.path}`),
      requestHeaders: pairsOf(["host", request.host, ...request.headers]).map(([name, value]) => [
        name,
        this.#masker.header(name, value),
      ]),
      requestBody: request.body === null ? null : this.#bodyOf(request.body, ""),
      status: response?.status ?? null,
      statusText: response?.statusText ?? "",
      responseHeaders: headerPairs(response?.headers ?? {}).map(([name, value]) => [
        name,
        this.#masker.header(name, value),
      ]),
      responseBody: response === undefined ? null : this.#bodyOf(response.body, response.header("content-type")),
      timing: timingOf(hop),
      failure: failure === undefined ? null : this.#masker.text(failureText(failure)),
    };
  }

  #bodyOf(bytes: Buffer, contentType: string): DebugBody {
    const isCut = bytes.length > longestBody;
    // A character that the cut goes through is no sign of a binary content.
    const text = decodeBody(bytes.subarray(0, longestBody), contentType);
    const isText = !text.includes("\0") && !/\uFFFD/.test(isCut ? text.slice(0, -2) : text);
    return {
      kind: isText ? "text" : "binary",
      text: isText ? this.#masker.text(text) : "",
      bytes: bytes.length,
      isCut,
    };
  }
}

function pairsOf(headers: readonly string[]): readonly (readonly [string, string])[] {
  return headers.flatMap((name, index) => (index % 2 === 0 ? [[name, headers[index + 1] ?? ""] as const] : []));
}

function timingOf(hop: Hop): DebugHop["timing"] {
  const { request, startedMs, tcpConnectedMs, connectedMs, firstByteMs, endedMs } = hop;
  const hasConnected = connectedMs > 0;
  const isSecure = hasConnected && request.isSecure && tcpConnectedMs > 0;
  return {
    connectMs: hasConnected ? (isSecure ? tcpConnectedMs : connectedMs) - startedMs : null,
    tlsMs: isSecure ? connectedMs - tcpConnectedMs : null,
    firstByteMs: firstByteMs > 0 ? firstByteMs - startedMs : null,
    totalMs: endedMs - startedMs,
  };
}
