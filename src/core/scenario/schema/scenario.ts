import { sharedKeys } from "./request.ts";
import { amount, anything, either, flag, listOf, mapOf, reference, section, text } from "./terms.ts";
import type { Rule } from "./terms.ts";

const dataSource = section(
  "an entry of data-sources",
  {
    path: text("Path of the CSV file, relative to the scenario."),
    delimiter: text("What separates the columns (guessed by default); tab for tabs."),
    quoted: flag("Values may stand in double quotes (default false)."),
    loop: flag("Begin again after the last row (default true); false ends the user there."),
    "random-order": flag("Take the rows in random order (default false)."),
    "variable-names": text("Names of the columns, separated by commas; without it the first line holds them."),
    encoding: text("Encoding of the file (default utf-8)."),
  },
  { required: ["path"] },
);

const otherTools = Object.fromEntries(
  [
    "additional-args",
    "base-path",
    "browser",
    "capabilities",
    "generate-flow-markers",
    "headless",
    "max-retries",
    "remote",
    "simulation",
    "tags",
    "test-case",
    "test-suite",
    "window-size",
    "auto-assert-ok",
    "download",
    "additional-classpath",
    "keep-alive-timeout",
    "test",
    "environment",
    "globals",
    "folder",
    "assertions",
  ].map((key) => [key, anything("For tools other than JMeter.")]),
);

/** What virtual users do: requests or a script, with what holds for all of them. */
export const scenarioSection: Rule = section("a scenario", {
  script: text("Path of a JMX, k6 or Locust script."),
  requests: reference("steps"),
  "default-address": text("Scheme, host and port for requests that begin with /."),
  variables: mapOf(text("Value."), "Variables, used as ${name}."),
  "data-sources": listOf(
    either([text("Path of a CSV file."), dataSource], "Path of a CSV file."),
    "CSV files whose columns become variables.",
  ),
  ...sharedKeys,
  "store-cache": flag("Keep a cache for each user (default true)."),
  "store-cookie": flag("Keep cookies for each user (default true)."),
  "retrieve-resources": flag("Load images, scripts and styles of HTML pages (default true)."),
  "retrieve-resources-regex": text("Regular expression for the URLs of resources to load."),
  "concurrent-pool-size": amount("Resources loaded at the same time (default 4).", 1),
  "use-dns-cache-mgr": flag("Resolve names anew for each user (JMeter, default true)."),
  "force-parent-sample": flag("Count only transactions, not their requests (default false)."),
  criteria: reference("criteria"),
  certificate: text("Client certificate, a PEM or PKCS#12 file."),
  key: text("Key of the client certificate, a PEM file."),
  passphrase: text("Passphrase of the client certificate."),
  ca: text("Certificate authority to trust, a PEM file."),
  authorization: anything("HTTP authorization (JMeter)."),
  cookies: anything("Cookies that every user has from the start (JMeter)."),
  properties: mapOf(text("Value."), "JMeter properties of this scenario."),
  modifications: anything("Changes to the JMX script before it runs (JMeter)."),
  "keystore-config": anything("Client certificates from a Java key store (JMeter)."),
  description: text("What the scenario is for."),
  ...otherTools,
});

/** The top-level section `scenarios`: by name, a scenario or the path of its script. */
export const scenariosSection: Rule = mapOf(
  either([text("Path of a script."), reference("scenario")], "The scenario, or the path of its script."),
  "Scenarios by name; execution refers to them.",
);
