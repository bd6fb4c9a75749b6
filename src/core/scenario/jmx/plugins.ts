/** Plugins by the beginning of their classes' names; the first that fits counts. */
const plugins: readonly (readonly [string, string])[] = [
  ["com.blazemeter.jmeter.threads.", "jpgc-casutg"],
  ["com.blazemeter.jmeter.control.VirtualUserController", "jpgc-casutg"],
  ["kg.apc.jmeter.threads.", "jpgc-casutg"],
  ["kg.apc.jmeter.timers.VariableThroughputTimer", "jpgc-tst"],
  ["kg.apc.jmeter.timers.functions.", "jpgc-tst"],
  ["com.blazemeter.jmeter.controller.Parallel", "bzm-parallel"],
  ["com.blazemeter.jmeter.http.Parallel", "bzm-parallel"],
  ["com.blazemeter.jmeter.RandomCSVDataSet", "bzm-random-csv"],
  ["com.blazemeter.jmeter.TestRandomCSVAction", "bzm-random-csv"],
  ["com.blazemeter.jmeter.http2.", "bzm-http2"],
  ["com.blazemeter.jmeter.correlation.", "bzm-siebel"],
  ["com.blazemeter.jmeter.rte.", "bzm-rte"],
  ["com.atlantbh.jmeter.plugins.jsonutils.", "jpgc-json"],
  ["com.googlecode.jmeter.plugins.webdriver.", "jpgc-webdriver"],
  ["eu.luminis.jmeter.", "websocket-samplers"],
  ["net.xmeter.", "mqtt-xmeter"],
  ["vn.zalopay.benchmark.", "jmeter-grpc-request"],
  ["kg.apc.jmeter.config.redis.", "jpgc-redis"],
  ["kg.apc.jmeter.control.ParameterizedController", "jpgc-prmctl"],
  ["kg.apc.jmeter.control.sampler.SetVariablesAction", "jpgc-prmctl"],
  ["kg.apc.jmeter.dbmon.", "jpgc-dbmon"],
  ["kg.apc.jmeter.jmxmon.", "jpgc-jmxmon"],
  ["kg.apc.jmeter.perfmon.", "jpgc-perfmon"],
  ["kg.apc.jmeter.functions.Fifo", "jpgc-fifo"],
  ["kg.apc.jmeter.functions.", "jpgc-functions"],
  ["kg.apc.jmeter.modifiers.DummySub", "jpgc-dummy"],
  ["kg.apc.jmeter.modifiers.Fifo", "jpgc-fifo"],
  ["kg.apc.jmeter.reporters.FlexibleFileWriter", "jpgc-ffw"],
  ["kg.apc.jmeter.samplers.DummySampler", "jpgc-dummy"],
  ["kg.apc.jmeter.samplers.UDPSampler", "jpgc-udp"],
  ["kg.apc.jmeter.vizualizers.", "jpgc-graphs-basic"],
  ["kg.apc.jmeter.", "jpgc-standard"],
];

/** Plugins that the JMeter of Loadfleet has, in the container image and in the managed set-up. */
export const bundledPlugins: ReadonlySet<string> = new Set([
  "bzm-parallel",
  "bzm-random-csv",
  "jpgc-casutg",
  "jpgc-dummy",
  "jpgc-fifo",
  "jpgc-functions",
  "jpgc-graphs-additional",
  "jpgc-graphs-basic",
  "jpgc-prmctl",
  "jpgc-redis",
  "jpgc-tst",
  "websocket-samplers",
]);

/** Tells whether a class is JMeter's own: it is named by an alias without dots, or by Apache's package. */
export function isCoreClass(name: string): boolean {
  return !name.includes(".") || name.startsWith("org.apache.jmeter.");
}

/** The plugin that has a class, by its name in the plugins manager; undefined when it is not known. */
export function pluginOf(className: string): string | undefined {
  return plugins.find(([prefix]) => className.startsWith(prefix))?.[1];
}
