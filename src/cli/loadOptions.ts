import { UserError } from "../core/errors.ts";
import type { RunChoice } from "../core/run/plan.ts";
import type { Arguments } from "./arguments.ts";
import type { Option } from "./command.ts";
import { placeOf } from "./engines.ts";

/** Option that leaves requests out. */
export const labelOption: Option = {
  name: "label",
  value: "GLOB",
  summary: "Send only requests whose label matches, for example 'Log*'",
};

const drivers = ["embedded", "taurus", "k6", "locust"] as const;
const containers = "container";

/** Options that change the load of one run without editing the file. */
export const loadOptions: readonly Option[] = [
  { name: "tasks", value: "N", summary: "Divide the load among so many load generators" },
  { name: "users", value: "N", summary: "Total virtual users, over all tasks" },
  { name: "for", value: "DURATION", summary: "Hold the load for so long after the ramp-up, for example 1m30s" },
  { name: "rate", value: "RPS", summary: "Total target rate in requests per second" },
  labelOption,
  {
    name: "engine",
    value: "NAME",
    choices: [...drivers, containers],
    summary:
      "Generate the load with it, or run every task in a container; default: what the script or executor is for, " +
      "embedded if it can do the requests, else what is there",
  },
];

/** Option that gives a scenario its variables. */
export const environmentOption: Option = {
  name: "env",
  value: "NAME=VALUE",
  isRepeatable: true,
  summary: "Set a variable that the scenario reads with ${__P(NAME)} or ${__env(NAME)}",
};

/** Reads what the person chose for this run. @throws {UserError} `bad-option-value` */
export function choiceOf(args: Arguments): RunChoice {
  const tasks = args.count("tasks");
  const users = args.count("users");
  const holdForMs = args.durationMs("for");
  const ratePerSecond = args.amount("rate");
  const labelFilter = args.text("label");
  const driver = drivers.find((name) => name === args.text("engine"));
  return {
    engine: placeOf(args),
    environment: args.pairs("env"),
    ...(tasks === undefined ? {} : { tasks }),
    ...(users === undefined ? {} : { users }),
    ...(holdForMs === undefined ? {} : { holdForMs }),
    ...(ratePerSecond === undefined ? {} : { ratePerSecond }),
    ...(labelFilter === undefined ? {} : { labelFilter }),
    ...(driver === undefined ? {} : { driver }),
  };
}

/** Tells whether every task is a container on this machine. @throws {UserError} `option-conflict` when tasks are in AWS, where they always are */
export function isInContainers(args: Arguments): boolean {
  if (args.text("engine") !== containers) return false;
  if (placeOf(args) === "local") return true;
  throw new UserError(
    "option-conflict",
    `--engine ${containers} is for this machine; in AWS every task is a container.`,
    {
      hint: "Leave out --engine, or choose what generates the load: embedded or taurus.",
    },
  );
}
