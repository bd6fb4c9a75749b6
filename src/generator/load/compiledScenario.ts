import { UserError } from "../../core/errors.ts";
import type { RunPlan } from "../../core/run/plan.ts";
import type { ClientCertificate, ScenarioBody } from "../../core/scenario/model.ts";
import { loadLibraries } from "../extract/libraries.ts";
import { Bundle } from "../http/bundle.ts";
import type { TlsIdentity } from "../http/connections.ts";
import { LanguageFault } from "../language/scope.ts";
import { compileText } from "../language/text.ts";
import { findUnsupported } from "../unsupported.ts";
import { type DataFeed, openDataFeed } from "./dataFeed.ts";
import { type CompileContext, compileProgram, type Program } from "./program.ts";

/** What the generator is asked to run. */
export interface GeneratorJob {
  readonly plan: RunPlan;
  /** Folder of the unpacked bundle. */
  readonly folder: string;
  /** The plan's environment with its secrets resolved. */
  readonly environment: Readonly<Record<string, string>>;
}

/** A scenario body with everything that its users share. */
export interface CompiledBody {
  readonly program: Program;
  readonly feeds: readonly DataFeed[];
  readonly variables: ReadonlyMap<string, string>;
  readonly properties: Readonly<Record<string, string>>;
  readonly tls: TlsIdentity | undefined;
  readonly storesCookies: boolean;
}

/** All bodies that a plan's executions run. */
export interface CompiledScenario {
  readonly bodyOf: (scenario: string) => CompiledBody;
  /** Leaves each data source with the rows of one task of several. */
  readonly splitData: (index: number, of: number) => void;
}

/**
 * Compiles what a plan's executions run; data files are read once and shared by all users.
 * @throws {UserError} `unsupported`, or about a file that cannot be read
 */
export async function compileScenario(
  { plan, folder, environment }: GeneratorJob,
  signal: AbortSignal,
): Promise<CompiledScenario> {
  const [problem, ...others] = findUnsupported(plan);
  if (problem !== undefined) {
    const more = others.length === 0 ? "" : ` (and ${String(others.length)} more)`;
    throw unsupported(`${problem.file}:${String(problem.line)}: ${problem.message}${more}`);
  }
  const libraries = await loadLibraries(plan.scenario);
  signal.throwIfAborted();
  const bundle = new Bundle(folder);
  const properties = { ...plan.environment, ...environment };
  const tracesRequests = properties.LOADFLEET_TRACEPARENT === "1";
  const feeds = new Map<string, DataFeed>();
  const bodies = new Map<string, CompiledBody>();
  for (const { scenario: name } of plan.executions) {
    const body = plan.scenario.bodies[name];
    if (body === undefined || bodies.has(name)) continue;
    const program = compile(body, { scenario: plan.scenario, bundle, libraries, tracesRequests });
    bodies.set(name, {
      program,
      feeds: program.bodies.flatMap((one) => feedsOf(one, feeds, bundle)),
      variables: variablesOf(program.bodies, properties),
      properties,
      tls: readIdentity(body.clientCertificate, bundle, properties),
      storesCookies: body.storesCookies,
    });
  }
  return {
    bodyOf(scenario) {
      const body = bodies.get(scenario);
      if (body === undefined) throw new Error(`The plan has no scenario "${scenario}".`);
      return body;
    },
    splitData(index, of) {
      for (const feed of feeds.values()) feed.split(index, of);
    },
  };
}

// The same file in two scenarios is one list: JMeter shares it among all threads too.
function feedsOf(body: ScenarioBody, feeds: Map<string, DataFeed>, bundle: Bundle): readonly DataFeed[] {
  return body.dataSources.map((source) => {
    const key = JSON.stringify({ ...source, range: undefined });
    const feed = feeds.get(key) ?? openDataFeed(source, bundle);
    feeds.set(key, feed);
    return feed;
  });
}

function variablesOf(
  bodies: readonly ScenarioBody[],
  properties: Readonly<Record<string, string>>,
): ReadonlyMap<string, string> {
  const variables = new Map<string, string>();
  const scope = { variables, threadNumber: 0, properties, counters: new Map<object, number>() };
  // What stands further out was set first, and holds.
  for (const body of bodies.toReversed()) {
    for (const [name, value] of Object.entries(body.variables)) variables.set(name, compileText(value).render(scope));
  }
  return variables;
}

function readIdentity(
  certificate: ClientCertificate | undefined,
  bundle: Bundle,
  properties: Readonly<Record<string, string>>,
): TlsIdentity | undefined {
  if (certificate === undefined) return undefined;
  const { certificate: path, key, passphrase, ca } = certificate;
  const scope = {
    variables: new Map<string, string>(),
    threadNumber: 0,
    properties,
    counters: new Map<object, number>(),
  };
  const isPkcs12 = path !== undefined && /\.(p12|pfx)$/i.test(path);
  return {
    ...(path === undefined ? {} : isPkcs12 ? { pfx: bundle.read(path) } : { cert: bundle.read(path) }),
    ...(key === undefined ? {} : { key: bundle.read(key) }),
    ...(passphrase === undefined ? {} : { passphrase: compileText(passphrase).render(scope) }),
    ...(ca === undefined ? {} : { ca: [bundle.read(ca)] }),
  };
}

// Selectors can be judged only now, with the library that knows them.
function compile(body: ScenarioBody, context: CompileContext): Program {
  try {
    return compileProgram(body, context);
  } catch (error) {
    if (!(error instanceof LanguageFault)) throw error;
    throw unsupported(`${context.scenario.file}, scenario "${body.name}": ${error.message}.`);
  }
}

function unsupported(message: string): UserError {
  return new UserError("unsupported", message, {
    hint: "Choose the driver taurus for this scenario, or take the key away.",
  });
}
