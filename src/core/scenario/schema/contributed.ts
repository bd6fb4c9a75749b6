import { configSchema } from "./config.ts";
import { flag, type Rule } from "./terms.ts";

const { pattern: flagPattern = "" } = flag("");
const yaml11Flags = "true|false|[yY]es|YES|[nN]o|NO|[oO]n|ON|[oO]ff|OFF";

/**
 * The schema as it is contributed to the YAML extension (media/loadtest.schema.json). That reads YAML 1.2 by default,
 * where `yes`, `no`, `on` and `off` are text; for Taurus, which reads YAML 1.1, they are true and false.
 */
export const contributedSchema: Rule = JSON.parse(JSON.stringify(configSchema), (key, value: unknown) =>
  key === "pattern" && value === flagPattern ? value.replace("true|false", yaml11Flags) : value,
);
