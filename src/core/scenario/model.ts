import type { JsonObject, JsonValue } from "../json.ts";
import type { Criterion } from "../results/criterion.ts";
import type { Range } from "./problem.ts";

/** Text in which `${name}` and `${__function(…)}` are replaced when a user sends it. */
export type Template = string;

/** A number, or a JMeter expression such as `${__P(users,5)}` that yields one when the run is planned. */
export type Amount = number | Template;

/** A value that Taurus lets a person give once, or per provisioning: `{local: 5, cloud: 500}`; AWS takes `cloud`. */
export interface PerEngine<T> {
  readonly local: T;
  readonly cloud: T;
}

/** A key that the file uses and that this model has no place for; a driver that would have to ignore it refuses the run. */
export interface ExtraKey {
  readonly key: string;
  readonly range: Range;
}

/** A scenario file, read and resolved: Taurus' short forms are expanded, `included-configs` merged. */
export interface Scenario {
  /** Portable path of the file as the caller named it. */
  readonly file: string;
  /** Name for people: `loadfleet.name`, else the file's name without its ending. */
  readonly name: string;
  readonly executions: readonly Execution[];
  readonly bodies: Readonly<Record<string, ScenarioBody>>;
  readonly criteria: readonly Criterion[];
  readonly settings: LoadfleetSettings;
  /** The merged Taurus configuration without `loadfleet`, as bzt would see it. */
  readonly config: JsonObject;
  /** Every file that the scenario names (scripts, CSV data, bodies, uploads, certificates, included configurations). */
  readonly files: readonly FileReference[];
}

/** One entry of `execution`. */
export interface Execution {
  /** Key into {@link Scenario.bodies}; an inline scenario gets a name of its own. */
  readonly scenario: string;
  /** `jmeter`, `k6`, `locust`, …; undefined when the file leaves it to the default. */
  readonly executor: string | undefined;
  readonly load: PerEngine<Load>;
  readonly range: Range;
  /** Where each key of the entry stands, for Problems and decorations. */
  readonly extra: readonly ExtraKey[];
}

/** The load of one execution, total over all tasks of the run. Undefined means that the file does not say. */
export interface Load {
  /** Virtual users (`concurrency`). */
  readonly users: Amount | undefined;
  /** Target rate in requests per second (`throughput`). */
  readonly ratePerSecond: Amount | undefined;
  readonly rampUpMs: Amount | undefined;
  readonly holdForMs: Amount | undefined;
  /** Wait before this execution begins, counted from the start instant. */
  readonly delayMs: Amount | undefined;
  /** Iterations per user. */
  readonly iterations: Amount | undefined;
  /** Number of steps of the ramp-up; undefined ramps linearly. */
  readonly steps: Amount | undefined;
}

/** What a virtual user does. */
export interface ScenarioBody {
  readonly name: string;
  /** A JMX, k6 or Locust script; the steps are empty then. */
  readonly script: string | undefined;
  readonly steps: readonly Step[];
  readonly defaultAddress: Template | undefined;
  readonly headers: Readonly<Record<string, Template>>;
  readonly variables: Readonly<Record<string, Template>>;
  readonly dataSources: readonly DataSource[];
  readonly thinkTime: ThinkTime | undefined;
  readonly timeoutMs: Amount | undefined;
  /** Keep connections open between requests (`keepalive`, default true). */
  readonly isKeepAlive: boolean;
  readonly followsRedirects: boolean;
  /** Keep cookies per user (`store-cookie`, default true). */
  readonly storesCookies: boolean;
  /** Where a cache for each user is asked for in so many words (`store-cache: true`); the embedded driver has none. */
  readonly cacheRange: Range | undefined;
  readonly retrievesResources: boolean;
  readonly resourcesRegex: string | undefined;
  readonly concurrentResources: number;
  readonly contentEncoding: string | undefined;
  readonly clientCertificate: ClientCertificate | undefined;
  readonly assertions: readonly Assertion[];
  readonly extractors: readonly Extractor[];
  readonly range: Range;
  readonly extra: readonly ExtraKey[];
}

export interface ClientCertificate {
  /** PEM or PKCS#12 files, portable paths. */
  readonly certificate: string | undefined;
  readonly key: string | undefined;
  readonly passphrase: Template | undefined;
  /** Certificate authorities to trust beside the system's. */
  readonly ca: string | undefined;
}

export interface DataSource {
  readonly path: string;
  readonly delimiter: string | undefined;
  readonly isQuoted: boolean;
  /** Begin again after the last row (default true); false ends the user there. */
  readonly loops: boolean;
  readonly isRandomOrder: boolean;
  /** Column names; undefined takes them from the first line. */
  readonly names: readonly string[] | undefined;
  readonly encoding: string | undefined;
  readonly range: Range;
}

/** Pause after a request, in ms. */
export type ThinkTime =
  | { readonly kind: "constant"; readonly ms: Amount }
  | { readonly kind: "uniform"; readonly meanMs: number; readonly deviationMs: number }
  | { readonly kind: "gaussian"; readonly meanMs: number; readonly deviationMs: number }
  | { readonly kind: "poisson"; readonly meanMs: number; readonly deviationMs: number };

export type Step =
  | RequestStep
  | TransactionStep
  | IfStep
  | LoopStep
  | WhileStep
  | ForeachStep
  | OnceStep
  | ActionStep
  | SetVariablesStep
  | IncludeScenarioStep;

export interface RequestStep {
  readonly kind: "request";
  /** The request's name in every figure; default: its URL as written. */
  readonly label: Template;
  readonly method: Template;
  readonly url: Template;
  readonly headers: Readonly<Record<string, Template>>;
  readonly body: Body | undefined;
  readonly thinkTime: ThinkTime | undefined;
  readonly timeoutMs: Amount | undefined;
  readonly isKeepAlive: boolean | undefined;
  readonly followsRedirects: boolean | undefined;
  readonly contentEncoding: string | undefined;
  readonly assertions: readonly Assertion[];
  readonly extractors: readonly Extractor[];
  readonly range: Range;
  readonly extra: readonly ExtraKey[];
}

export type Body =
  | { readonly kind: "text"; readonly text: Template }
  | { readonly kind: "form"; readonly fields: Readonly<Record<string, Template>> }
  | { readonly kind: "json"; readonly value: JsonValue }
  | { readonly kind: "file"; readonly path: Template }
  | {
      readonly kind: "multipart";
      readonly fields: Readonly<Record<string, Template>>;
      readonly uploads: readonly {
        readonly param: string;
        readonly path: Template;
        readonly mimeType: string | undefined;
      }[];
    };

export interface TransactionStep {
  readonly kind: "transaction";
  readonly label: Template;
  readonly steps: readonly Step[];
  /** Count the pauses inside as part of its time (`include-timers`, default false). */
  readonly includesTimers: boolean;
  /** Count only the transaction, not the requests inside (`force-parent-sample`, default false). */
  readonly forcesParentSample?: boolean;
  readonly range: Range;
}

export interface IfStep {
  readonly kind: "if";
  /** JavaScript-like condition, for example `"${token}" == "abc"`. */
  readonly condition: Template;
  readonly then: readonly Step[];
  readonly else: readonly Step[];
  readonly range: Range;
}

export interface LoopStep {
  readonly kind: "loop";
  readonly times: Amount | "forever";
  readonly steps: readonly Step[];
  readonly range: Range;
}

export interface WhileStep {
  readonly kind: "while";
  readonly condition: Template;
  readonly steps: readonly Step[];
  readonly range: Range;
}

export interface ForeachStep {
  readonly kind: "foreach";
  /** Variable that takes each value of `<collection>_1`, `<collection>_2`, …. */
  readonly variable: string;
  readonly collection: string;
  readonly steps: readonly Step[];
  readonly range: Range;
}

export interface OnceStep {
  readonly kind: "once";
  readonly steps: readonly Step[];
  readonly range: Range;
}

export interface ActionStep {
  readonly kind: "action";
  readonly action: "pause" | "stop" | "stop-now" | "continue";
  readonly target: "current-thread" | "all-threads";
  readonly pauseMs: Amount | undefined;
  readonly range: Range;
}

export interface SetVariablesStep {
  readonly kind: "set-variables";
  readonly variables: Readonly<Record<string, Template>>;
  readonly range: Range;
}

export interface IncludeScenarioStep {
  readonly kind: "include-scenario";
  readonly scenario: string;
  readonly range: Range;
}

/** Where an extractor or an assertion looks. */
export type Subject = "body" | "headers" | "http-code" | "url" | "message";

export interface ExtractorBase {
  /** Variable that takes the value. */
  readonly variable: string;
  readonly defaultValue: Template;
  /** Which match to take: 1 the first, 0 a random one, -1 all (`variable_1`, `variable_2`, `variable_matchNr`). */
  readonly matchNumber: number;
  readonly range: Range;
}

export type Extractor =
  | (ExtractorBase & {
      readonly kind: "regexp";
      readonly pattern: Template;
      readonly template: number | string;
      readonly subject: Subject;
    })
  | (ExtractorBase & { readonly kind: "jsonpath"; readonly path: Template; readonly concatenates: boolean })
  | (ExtractorBase & { readonly kind: "css"; readonly selector: Template; readonly attribute: string | undefined })
  | (ExtractorBase & { readonly kind: "xpath"; readonly path: Template; readonly isHtml: boolean })
  | (ExtractorBase & {
      readonly kind: "boundary";
      readonly left: Template;
      readonly right: Template;
      readonly subject: Subject;
    });

export type Assertion =
  | {
      readonly kind: "contains";
      readonly subject: Subject;
      readonly values: readonly Template[];
      readonly isRegexp: boolean;
      /** True for `not: true`: no value may match. */
      readonly isNegated: boolean;
      /** Set by `assume-success`: the request passes when the assertion does, whatever its response code. */
      readonly assumesSuccess: boolean;
      readonly range: Range;
    }
  | {
      readonly kind: "jsonpath";
      readonly path: Template;
      /** Undefined: the path only has to exist. */
      readonly expected: Template | undefined;
      readonly isRegexp: boolean;
      readonly isNegated: boolean;
      readonly expectsNull: boolean;
      readonly range: Range;
    }
  | {
      readonly kind: "xpath";
      readonly path: Template;
      readonly isHtml: boolean;
      readonly isNegated: boolean;
      readonly range: Range;
    };

export interface FileReference {
  /** The path as written in the file. */
  readonly path: string;
  readonly use: "script" | "data" | "body" | "upload" | "certificate" | "config" | "plugin";
  readonly range: Range;
}

/** The `loadfleet:` section. Undefined means that the file does not say. */
export interface LoadfleetSettings {
  readonly id: string | undefined;
  readonly tasks: number | undefined;
  readonly size: { readonly vcpu: number; readonly memoryGiB: number } | undefined;
  readonly isSpot: boolean;
  readonly splitsData: boolean;
  /** Name of the environment variable → where its value is kept (`ssm:…`, `secretsmanager:…`, `env:…`). */
  readonly secrets: Readonly<Record<string, string>>;
  readonly seriesLabels: readonly string[];
  readonly metrics: readonly MetricReference[];
  readonly stopWhen: StopRule | undefined;
  readonly baseline: Readonly<Record<string, string>>;
  /** Least share of tasks that must report for the result to count (default 0.9). */
  readonly healthyRatio: number;
}

/** A CloudWatch metric of the system under test, kept with the run. */
export interface MetricReference {
  readonly namespace: string;
  readonly name: string;
  readonly stat: string;
  readonly dimensions: Readonly<Record<string, string>>;
}

/** Ends a run early: the error ratio of all requests stays at or above `errorRatio` for `forMs`. */
export interface StopRule {
  readonly errorRatio: number;
  readonly forMs: number;
}
