import type { MapNode } from "../tree.ts";
import type { Suggestion } from "./complete.ts";
import type { Cursor } from "./cursor.ts";
import { isStep } from "./places.ts";

/** A text to begin with. */
export interface Snippet {
  readonly label: string;
  readonly description: string;
  /** Lines; `${1:name}` is a field with what stands in it at first. Those of a request begin with its dash. */
  readonly body: readonly string[];
}

/** Suggests whole load tests where a file begins, and requests where one does. */
export function snippetsFor(cursor: Cursor, map: MapNode): Suggestion[] {
  if (cursor.isFlow || cursor.hasColon || map.entries.size > 1) return [];
  if (cursor.path.length === 0) {
    // Whoever begins a file wants a whole load test more often than one of its keys.
    return fileSnippets.map((snippet) => ({ ...suggest(snippet, `${snippet.body.join("\n")}\n`), rank: 0 }));
  }
  if (!isStep(cursor.path)) return [];
  const dashLength = cursor.isAfterDash ? 2 : 0;
  const indent = " ".repeat(cursor.column - dashLength);
  return stepSnippets.map((snippet) => suggest(snippet, snippet.body.join(`\n${indent}`).slice(dashLength)));
}

function suggest({ label, description }: Snippet, snippet: string): Suggestion {
  return { label, kind: "snippet", snippet, description, continues: false, rank: 1 };
}

/** Load tests that people write most. */
export const fileSnippets: readonly Snippet[] = [
  {
    label: "load test",
    description: "Load test: users, a scenario with one request, pass/fail rules",
    body: [
      "execution:",
      "  - scenario: ${1:shop}",
      "    concurrency: ${2:10}",
      "    ramp-up: ${3:10s}",
      "    hold-for: ${4:1m}",
      "",
      "scenarios:",
      "  ${1:shop}:",
      "    default-address: ${5:http://localhost:8080}",
      "    think-time: ${6:1s}",
      "    requests:",
      "      - label: ${7:Home}",
      "        url: ${8:/}",
      "",
      "reporting:",
      "  - module: passfail",
      "    criteria:",
      "      - p95>${9:500ms}",
      "      - fail>${10:1%}",
    ],
  },
  {
    label: "load test with a log-in",
    description: "Load test: log in once, then work with the token",
    body: [
      "execution:",
      "  - scenario: ${1:account}",
      "    concurrency: ${2:10}",
      "    ramp-up: ${3:10s}",
      "    hold-for: ${4:1m}",
      "",
      "scenarios:",
      "  ${1:account}:",
      "    default-address: ${5:http://localhost:8080}",
      "    think-time: 1s",
      "    requests:",
      "      - once:",
      "          - label: Log in",
      "            url: ${6:/login}",
      "            method: POST",
      "            headers:",
      "              Content-Type: application/json",
      "            body:",
      "              user: ${7:member}",
      "            extract-jsonpath:",
      "              token: \\$.${8:token}",
      "      - label: ${9:Cart}",
      "        url: ${10:/cart}",
      "        headers:",
      "          Authorization: Bearer \\${token}",
      "",
      "reporting:",
      "  - module: passfail",
      "    criteria:",
      "      - p95>500ms",
      "      - fail>1%",
    ],
  },
  {
    label: "load test at a rate",
    description: "Load test: a rate of requests per second instead of users that wait",
    body: [
      "execution:",
      "  - scenario: ${1:api}",
      "    throughput: ${2:50}",
      "    concurrency: ${3:20}",
      "    ramp-up: ${4:10s}",
      "    hold-for: ${5:1m}",
      "",
      "scenarios:",
      "  ${1:api}:",
      "    default-address: ${6:http://localhost:8080}",
      "    requests:",
      "      - label: ${7:List}",
      "        url: ${8:/items}",
      "",
      "reporting:",
      "  - module: passfail",
      "    criteria:",
      "      - p99>${9:1s}",
      "      - fail>${10:0.5%}",
    ],
  },
  {
    label: "load test with a CSV file",
    description: "Load test: another row of a CSV file for every round",
    body: [
      "execution:",
      "  - scenario: ${1:members}",
      "    concurrency: ${2:10}",
      "    ramp-up: ${3:10s}",
      "    hold-for: ${4:1m}",
      "",
      "scenarios:",
      "  ${1:members}:",
      "    default-address: ${5:http://localhost:8080}",
      "    data-sources:",
      "      - path: ${6:users.csv}",
      "        loop: true",
      "    requests:",
      "      - label: ${7:Profile}",
      "        url: ${8:/users/\\${${9:user\\}}}",
      "",
      "reporting:",
      "  - module: passfail",
      "    criteria:",
      "      - p95>500ms",
      "      - fail>1%",
      "",
      "loadfleet:",
      "  split-data: true",
    ],
  },
  {
    label: "load test of a JMeter plan",
    description: "Load test: a JMeter test plan with a load of your own",
    body: [
      "execution:",
      "  - scenario: ${1:plan}",
      "    concurrency: ${2:10}",
      "    ramp-up: ${3:10s}",
      "    hold-for: ${4:1m}",
      "",
      "scenarios:",
      "  ${1:plan}:",
      "    script: ${5:plan.jmx}",
      "",
      "reporting:",
      "  - module: passfail",
      "    criteria:",
      "      - p95>500ms",
      "      - fail>1%",
    ],
  },
];

/** Requests and blocks that people write most. */
export const stepSnippets: readonly Snippet[] = [
  {
    label: "request",
    description: "A request with a label and a check of the response",
    body: ["- label: ${1:Home}", "  url: ${2:/}", "  assert:", "    - ${3:Welcome}"],
  },
  {
    label: "transaction with requests",
    description: "Several requests that count as one step",
    body: [
      "- transaction: ${1:Checkout}",
      "  do:",
      "    - label: ${2:Cart}",
      "      url: ${3:/cart}",
      "    - label: ${4:Pay}",
      "      url: ${5:/pay}",
      "      method: POST",
    ],
  },
];
