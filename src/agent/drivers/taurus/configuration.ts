import type { JsonObject, JsonValue } from "../../../core/json.ts";
import { histogramLabelsOf } from "../../../core/results/liveRecord.ts";
import type { RunPlan, Share } from "../../../core/run/plan.ts";
import { alignExecutions, isObject, listOf, scenariosOf, textOf } from "./original.ts";

/** What one task's Taurus is configured with besides its plan and its share. */
export interface TaurusParts {
  readonly jmeterHome: string;
  readonly jmeterVersion: string;
  /** Folder for what Taurus and JMeter write. */
  readonly artifacts: string;
  /** Folder in which JMeter waits for the start instant, see loadfleet_jmeter.py. */
  readonly gate: string;
  /** Port on which JMeter hears that it is to stop; further executions take the following ones. */
  readonly stopPort: number;
  /** Folders with jars of plugins that travel with the scenario. */
  readonly pluginFolders: readonly string[];
  /** The environment of the run, secrets included: properties of JMeter. */
  readonly environment: Readonly<Record<string, string>>;
  /** Heap of JMeter as Java writes it, such as `1g`. */
  readonly heap: string;
  /** JMeter writes every request and response whole into trace.jtl. */
  readonly keepsTraffic: boolean;
}

const classes = {
  local: "bzt.modules.provisioning.Local",
  shellexec: "bzt.modules.shellexec.ShellExecutor",
  unpacker: "bzt.modules.services.Unpacker",
} as const;

/** Services of Taurus that a run keeps; the others install, upload or watch this machine. */
const keptServices: ReadonlySet<string> = new Set(["shellexec", "unpacker"]);

/**
 * Writes the share of a task as a complete Taurus configuration: nothing is downloaded or asked for at start, nothing
 * is folded together, and the scenario's own reporting and criteria stay out, since the whole run is judged, not a task.
 */
export function makeConfiguration(plan: RunPlan, share: Share, parts: TaurusParts): JsonObject {
  const { config } = plan.scenario;
  return {
    settings: {
      ...objectAt(config, "settings"),
      "check-updates": false,
      "check-interval": "250ms",
      aggregator: "consolidator",
      "default-executor": "jmeter",
      "artifacts-dir": parts.artifacts,
      verbose: false,
    },
    cli: { linter: { disable: true } },
    provisioning: "local",
    services: servicesOf(config).kept,
    execution: executionsOf(plan, share, parts),
    scenarios: scenariosOf(plan, parts.environment),
    modules: {
      ...Object.fromEntries(Object.entries(classes).map(([name, path]) => [name, { class: path }])),
      jmeter: jmeterModule(config, parts),
      consolidator: {
        class: "bzt.modules.aggregator.ConsolidatingAggregator",
        // Labels that resemble each other, or begin with "ignore", are labels of their own.
        "generalize-labels": 0,
        "ignore-labels": [],
        "max-error-variety": 1000,
        "min-buffer-len": "2s",
        "max-buffer-len": "2s",
        percentiles: [0, 50, 90, 95, 99, 99.9, 100],
      },
      "final-stats": { class: "bzt.modules.reporting.FinalStatus" },
      "loadfleet-stream": {
        class: "loadfleet_reporter.Stream",
        histograms: ["", ...histogramLabelsOf(plan)],
      },
    },
    reporting: [
      { module: "final-stats", "dump-xml": `${parts.artifacts}/results.xml` },
      { module: "loadfleet-stream" },
    ],
  };
}

/** Names the services of a configuration that are left out. */
export function droppedServices(config: JsonObject): readonly string[] {
  return servicesOf(config).dropped;
}

function servicesOf(config: JsonObject): { readonly kept: readonly JsonValue[]; readonly dropped: readonly string[] } {
  const all = listOf(config["services"]).map((service) => ({ service, name: nameOfModule(service) }));
  return {
    kept: all.filter(({ name }) => keptServices.has(name)).map(({ service }) => service),
    dropped: all.filter(({ name }) => !keptServices.has(name)).map(({ name }) => name),
  };
}

function nameOfModule(value: JsonValue): string {
  return textOf(isObject(value) ? value["module"] : value);
}

function executionsOf(plan: RunPlan, share: Share, { keepsTraffic }: TaurusParts): readonly JsonObject[] {
  const originals = alignExecutions(plan);
  return plan.executions.map((execution, index) => {
    const { users, ratePerSecond } = share.executions[index] ?? { users: null, ratePerSecond: null };
    const load = {
      concurrency: users,
      throughput: ratePerSecond,
      "ramp-up": execution.rampUpMs === 0 ? null : `${execution.rampUpMs}ms`,
      "hold-for": execution.holdForMs ? `${execution.holdForMs}ms` : null,
      iterations: execution.iterations,
      steps: execution.steps,
    };
    const given = Object.entries(load).filter(([, value]) => value !== null);
    return {
      // JMeter writes each failure whole only when the scenario asks for it.
      "write-xml-jtl": "none",
      ...originals[index],
      ...(keepsTraffic ? { "write-xml-jtl": "full" } : {}),
      ...Object.fromEntries(given),
      executor: "jmeter",
      "begin-after-ms": execution.delayMs,
    };
  });
}

function jmeterModule(config: JsonObject, parts: TaurusParts): JsonObject {
  const own = objectAt(objectAt(config, "modules"), "jmeter");
  return {
    "protocol-handlers": { http: "bzt.jmx.http.HTTPProtocolHandler" },
    "memory-xmx": parts.heap,
    ...own,
    class: "loadfleet_jmeter.GatedJMeter",
    path: parts.jmeterHome,
    version: parts.jmeterVersion,
    "detect-plugins": false,
    plugins: [],
    "fix-jars": false,
    gui: false,
    gate: parts.gate,
    "shutdown-port": parts.stopPort,
    "csv-jtl-flags": {
      ...objectAt(own, "csv-jtl-flags"),
      sentBytes: true,
      saveAssertionResultsFailureMessage: true,
    },
    ...(parts.keepsTraffic ? { "xml-jtl-flags": { samplerData: true, responseData: true, connectTime: true } } : {}),
    properties: {
      ...objectAt(own, "properties"),
      ...propertiesOf(parts.environment, objectAt(own, "properties")),
      "jmeter.save.saveservice.autoflush": "true",
      "jmeter.save.saveservice.connect_time": "true",
      "jmeterengine.force.system.exit": "true",
      "sampleresult.timestamp.start": "true",
      "summariser.name": "",
      ...(parts.pluginFolders.length === 0 ? {} : { search_paths: parts.pluginFolders.join(";") }),
    },
  };
}

/** Properties as Taurus writes them into a file of Java's form; what the scenario itself gives is in that form already. */
function propertiesOf(environment: Readonly<Record<string, string>>, own: JsonObject): JsonObject {
  const isOwn = (name: string, value: string): boolean => Object.hasOwn(own, name) && textOf(own[name]) === value;
  return Object.fromEntries(
    Object.entries(environment).map(([name, value]) => [name, isOwn(name, value) ? value : escapeProperty(value)]),
  );
}

function escapeProperty(value: string): string {
  const unicode = (unit: string): string => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`;
  return value
    .replaceAll("\\", "\\\\")
    .replace(/^ /, "\\ ")
    .replace(/[^\x20-\x7e]/g, unicode);
}

function objectAt(value: JsonObject, key: string): JsonObject {
  const found = value[key];
  return isObject(found) ? found : {};
}
