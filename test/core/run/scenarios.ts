import type { Execution, Load, RequestStep, Scenario, ScenarioBody, Step } from "../../../src/core/scenario/model.ts";
import type { Range } from "../../../src/core/scenario/problem.ts";

export const somewhere: Range = { line: 3, column: 5, endLine: 9, endColumn: 1 };

const noLoad: Load = {
  users: undefined,
  ratePerSecond: undefined,
  rampUpMs: undefined,
  holdForMs: undefined,
  delayMs: undefined,
  iterations: undefined,
  steps: undefined,
};

/** An execution of a scenario with a load, the same on every engine unless `cloud` says otherwise. */
export function execution(load: Partial<Load>, name = "shop", cloud: Partial<Load> = load): Execution {
  const pair = { local: { ...noLoad, ...load }, cloud: { ...noLoad, ...cloud } };
  return { scenario: name, executor: undefined, load: pair, range: somewhere, extra: [] };
}

export function request(label: string): RequestStep {
  return {
    kind: "request",
    label,
    method: "GET",
    url: "/",
    headers: {},
    body: undefined,
    thinkTime: undefined,
    timeoutMs: undefined,
    isKeepAlive: undefined,
    followsRedirects: undefined,
    contentEncoding: undefined,
    assertions: [],
    extractors: [],
    range: somewhere,
    extra: [],
  };
}

/** A body with these steps, or with a script. */
export function body(name: string, content: readonly Step[] | string): ScenarioBody {
  return {
    name,
    script: typeof content === "string" ? content : undefined,
    steps: typeof content === "string" ? [] : content,
    defaultAddress: "http://127.0.0.1",
    headers: {},
    variables: {},
    dataSources: [],
    thinkTime: undefined,
    timeoutMs: undefined,
    isKeepAlive: true,
    followsRedirects: true,
    storesCookies: true,
    cacheRange: undefined,
    retrievesResources: true,
    resourcesRegex: undefined,
    concurrentResources: 4,
    contentEncoding: undefined,
    clientCertificate: undefined,
    assertions: [],
    extractors: [],
    range: somewhere,
    extra: [],
  };
}

/** A scenario of these executions; `shop` sends one request unless the bodies say otherwise. */
export function scenario(
  executions: readonly Execution[],
  bodies: readonly ScenarioBody[] = [body("shop", [request("Home")])],
  changes: Partial<Omit<Scenario, "settings">> & { readonly settings?: Partial<Scenario["settings"]> } = {},
): Scenario {
  const { settings, ...rest } = changes;
  return {
    file: "load/shop.loadtest.yml",
    name: "shop",
    executions,
    bodies: Object.fromEntries(bodies.map((each) => [each.name, each])),
    criteria: [],
    config: {},
    files: [],
    ...rest,
    settings: {
      id: undefined,
      tasks: undefined,
      size: undefined,
      isSpot: false,
      splitsData: false,
      secrets: {},
      seriesLabels: [],
      metrics: [],
      stopWhen: undefined,
      baseline: {},
      healthyRatio: 0.9,
      ...settings,
    },
  };
}
