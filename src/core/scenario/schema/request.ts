import {
  amount,
  anything,
  duration,
  durationPattern,
  either,
  flag,
  formed,
  listOf,
  mapOf,
  reference,
  section,
  text,
  word,
} from "./terms.ts";
import { assertions, extractors } from "./response.ts";
import type { Rule } from "./terms.ts";

/** Keys that a scenario and each of its requests share. */
export const sharedKeys = {
  headers: mapOf(text("Value of the header."), "HTTP headers; those of a request override those of its scenario."),
  "think-time": formed(
    "Pause after each request: 2s, uniform(5s, 1s), gaussian(1m, 1.5s) or poisson(10s, 3s).",
    String.raw`^${durationPattern}$|^([uU]niform|[gG]aussian|[pP]oisson)\([\w.]+[,\s]+[\w.]+\)$|\$\{`,
    "write a duration such as 2s, or uniform(5s, 1s), gaussian(1m, 1.5s) or poisson(10s, 3s)",
  ),
  timeout: duration("Longest wait for a connection and for a response (default 30s)."),
  keepalive: flag("Keep the connection open between requests (default true)."),
  "follow-redirects": flag("Follow HTTP redirects (default true)."),
  "content-encoding": text("Encoding of the content, for example utf-8."),
  "random-source-ip": flag("Send requests from random addresses of the host (JMeter)."),
  protocol: text("Protocol handler of JMeter: http, mqtt or grpc."),
  jsr223: anything("Scripts to run before or after requests (JMeter)."),
  "grpc-proto-folder": text("Folder of the protobuf files (gRPC)."),
  "grpc-lib-folder": text("Folder of the gRPC libraries."),
  "grpc-max-inbound-message-size": amount("Largest gRPC message, in bytes."),
  "grpc-max-inbound-metadata-size": amount("Largest gRPC metadata, in bytes."),
  "tls-disable-verification": flag("Accept any TLS certificate (gRPC)."),
} as const;

const upload = section(
  "an entry of upload-files",
  {
    param: text("Name of the form field."),
    path: text("Path of the file, relative to the scenario."),
    "mime-type": text("Media type; guessed from the file's ending when it is missing."),
  },
  { required: ["path"] },
);

const request = section(
  "a request",
  {
    url: text("URL of the request, or a path when default-address is set."),
    method: text("HTTP method (default GET)."),
    label: text("Name of the request in every figure (default: its URL)."),
    body: anything("Text, or a mapping that is sent as a form or, with a JSON content type, as JSON."),
    "body-file": text("File that is sent as the body."),
    "upload-files": listOf(upload, "Files to send with the form."),
    ...sharedKeys,
    ...extractors,
    ...assertions,
    metadata: anything("Metadata of a gRPC request."),
  },
  { required: ["url"] },
);

const steps = reference("steps");

function block(
  key: string,
  value: Rule,
  keys: Readonly<Record<string, Rule>>,
  required: readonly string[] = ["do"],
): Rule {
  return section(`a block "${key}"`, { [key]: value, ...keys }, { required: [key, ...required] });
}

const condition = text('Condition such as "${token}" == "abc" (JMeter reads it as JavaScript or Groovy).');
const mqtt = section(
  "an MQTT request",
  Object.fromEntries(
    ["cmd", "addr", "topic", "message", "time", "min-count", "label", "think-time"].map((key) => [
      key,
      anything("For MQTT."),
    ]),
  ),
  { required: ["cmd"], isOpen: true },
);

/** Forms of an entry of `requests`, and the list of them; blocks contain such lists again. */
export const requestDefinitions = {
  step: either(
    [
      text("URL to GET."),
      block("if", condition, { then: steps, else: steps }, ["then"]),
      block("once", steps, {}, []),
      block("loop", formed("How often, or forever.", String.raw`^(\d+|forever)$|\$\{`, "write a number or forever"), {
        do: steps,
      }),
      block("while", condition, { do: steps }),
      block(
        "foreach",
        formed(
          "Variable and collection: name in names.",
          " in ",
          "write <variable> in <collection>, such as name in names",
        ),
        { do: steps },
      ),
      block("transaction", text("Name of the transaction in every figure."), {
        do: steps,
        "force-parent-sample": flag("Count only the transaction, not its requests (default false)."),
        "include-timers": flag("Count the pauses inside as part of its time (default false)."),
      }),
      block("include-scenario", text("Name of the scenario whose requests are put here."), {}, []),
      block(
        "action",
        word("What to do.", ["pause", "stop", "stop-now", "continue"]),
        {
          target: word("Whom it concerns (default current-thread).", ["current-thread", "all-threads"]),
          "pause-duration": duration("How long a pause takes."),
          jsr223: anything("Scripts to run (JMeter)."),
        },
        [],
      ),
      block("set-variables", mapOf(text("Value."), "Variables to set."), {}, []),
      block("setup", steps, {}, []),
      block("teardown", steps, {}, []),
      mqtt,
      request,
    ],
    "A URL, a request, or a block of requests.",
  ),
  steps: listOf(reference("step"), "Requests and blocks, in order."),
};
