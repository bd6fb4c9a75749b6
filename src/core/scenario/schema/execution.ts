import {
  amount,
  anything,
  duration,
  either,
  flag,
  formed,
  listOf,
  mapOf,
  perEngine,
  reference,
  section,
  text,
} from "./terms.ts";
import type { Rule } from "./terms.ts";

const execution = section(
  "an entry of execution",
  {
    scenario: either(
      [text("Name of a scenario, or path of a script."), reference("scenario")],
      "Name of a scenario, path of a script, or the scenario itself.",
    ),
    executor: text("Tool that generates the load: jmeter (default), k6, locust and others."),
    concurrency: perEngine(amount("Virtual users, total of the run.")),
    throughput: perEngine(amount("Target rate in requests per second, total of the run; needs ramp-up or hold-for.")),
    "ramp-up": duration("Time in which the users start one after another."),
    "hold-for": duration("Time for which the full load is held."),
    iterations: amount("How often each user goes through the scenario."),
    steps: amount("Number of steps of the ramp-up; needs ramp-up.", 1),
    delay: duration("Wait before this execution begins."),
    "start-at": formed("Time of day at which this execution begins (Taurus).", "^", "write a time such as 23:15"),
    criteria: reference("criteria"),
    files: listOf(text("Path of a file."), "Further files that the execution needs."),
    env: mapOf(text("Value."), "Environment variables of the tool."),
    "run-at": text("Provisioning at which this entry runs."),
    distributed: listOf(text("Host."), "Hosts of JMeter's distributed mode."),
    "write-xml-jtl": text("Amount of detail in JMeter's error log."),
    locations: anything("Locations of another cloud."),
    "locations-weighted": flag("Weighted locations of another cloud."),
    master: flag("Start Locust as master."),
    workers: amount("Number of Locust's workers."),
    runner: text("Runner of the Selenium executor."),
    "data-file": text("Result file to load."),
    "errors-file": text("Error file to load."),
    "results-timeout": duration("How long to wait for results."),
    cmdline: text("Further arguments of the tool."),
  },
  { required: ["scenario"] },
);

/** The top-level section `execution`: one entry, or a list of them. */
export const executionSection: Rule = either(
  [execution, listOf(execution, "What generates load; all entries run at the same time.")],
  "Who generates load and how much: one entry, or a list of entries that run at the same time.",
);
