import { nameOf } from "../names.ts";

/** A file to begin with: its name, and its text. */
export interface NewScenario {
  readonly fileName: string;
  readonly text: string;
  /** Whether a user and a password that stand in the address were left out. */
  readonly isWithoutCredentials: boolean;
}

/** Writes a small load test of one address: the page itself, with rules that say when it is good enough. */
export function scenarioFromUrl(address: string): NewScenario | undefined {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) return undefined;
  const host = url.hostname.replace(/^www\./, "");
  const name = /^[\d[]/.test(host) ? "site" : slug(host.split(".")[0] ?? "") || "site";
  const path = `${url.pathname}${url.search}`;
  const text = `# A load test of ${url.origin}. Run it by the link above the execution.
execution:
  - scenario: ${name}
    concurrency: 5 # virtual users
    ramp-up: 5s
    hold-for: 30s

scenarios:
  ${name}:
    default-address: ${url.origin}
    think-time: 1s # pause of each user after a request
    retrieve-resources: false
    requests:
      - label: ${label(path)}
        url: ${JSON.stringify(path)}

reporting:
  - module: passfail
    criteria:
      - p95>500ms
      - fail>1%
`;
  return { fileName: `${name}.loadtest.yml`, text, isWithoutCredentials: url.username + url.password !== "" };
}

/**
 * Writes a load test that runs a JMeter test plan.
 * @param path of the plan, relative to the folder of the new file
 */
export function scenarioFromJmx(path: string): NewScenario {
  const name = slug(nameOf(path)) || "plan";
  const text = `# Runs the JMeter plan ${path}. The load below replaces that of its thread groups.
execution:
  - scenario: ${name}
    concurrency: 10 # virtual users, divided among the thread groups
    ramp-up: 10s
    hold-for: 1m

scenarios:
  ${name}:
    script: ${/^[\w./-]+$/.test(path) ? path : JSON.stringify(path)}

reporting:
  - module: passfail
    criteria:
      - p95>500ms
      - fail>1%
`;
  return { fileName: `${name}.loadtest.yml`, text, isWithoutCredentials: false };
}

function label(path: string): string {
  const last = path
    .split(/[?#]/)[0]
    ?.split("/")
    .findLast((part) => part !== "");
  const words = slug(last ?? "").replaceAll("-", " ");
  return words === "" ? "Home" : (words[0] ?? "").toUpperCase() + words.slice(1);
}

function slug(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "");
}
