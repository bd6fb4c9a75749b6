import type { DriverJob } from "../../driver.ts";

/** What an engine needs of this machine's environment, and nothing else of it. */
const passedOn = ["PATH", "HOME", "LANG", "LC_ALL", "TZ", "SystemRoot", "SSL_CERT_FILE", "SSL_CERT_DIR"];

/** The environment of an engine: the run's variables and secrets, and the place of its task; nothing of the agent's own. */
export function engineEnvironment({ plan, task, folder, environment }: DriverJob): Readonly<Record<string, string>> {
  const own = passedOn.flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return {
    ...Object.fromEntries(own),
    TMPDIR: folder,
    LOADFLEET_TASK: String(task),
    LOADFLEET_TASKS: String(plan.tasks),
    ...environment,
  };
}
