import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { Driver, DriverReport } from "../../src/agent/driver.ts";
import { shareOf } from "../../src/core/run/share.ts";
import { planOf, openFolder, type Files } from "../generator/runs.ts";
import { type SeenRequest, startServer, type TestServer } from "../servers/testServer.ts";
import { answerConformance } from "./target.ts";

/** A request as an expectation file gives it; only what is named is compared. */
interface ExpectedRequest {
  readonly method: string;
  readonly url: string;
  /** Names in lower case; null: must not be there. */
  readonly headers?: Readonly<Record<string, string | null>>;
  readonly body?: string;
  readonly json?: unknown;
  readonly parts?: readonly Part[];
}

interface Part {
  readonly name: string;
  readonly filename?: string;
  readonly content: string;
}

/** What the target must see, and what the report must say. */
interface Expectation {
  /** The requests of each user in their order; users in any order. */
  readonly users: readonly (readonly ExpectedRequest[])[];
  /** Requests that may come in any order, by their URL: they are compared sorted and apart. */
  readonly anyOrder?: readonly string[];
  /** Label → count and failures; only what is named is compared. */
  readonly labels?: Readonly<Record<string, { readonly count: number; readonly failed: number }>>;
}

const here = import.meta.dirname;

export interface ConformanceOptions {
  /** Scenarios that this driver is known not to do, with the reason. */
  readonly except?: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
}

/** Defines the suite: every scenario is run by the driver, and the target must see the requests that its expectation names. */
export function runConformance(name: string, makeDriver: () => Driver, options: ConformanceOptions): void {
  const scenarios = readdirSync(join(here, "scenarios")).filter((file) => file.endsWith(".yml"));
  describe(`${name} sends what is expected`, () => {
    const chosen = scenarios.map((file) => file.replace(/\.yml$/, "")).filter((one) => !options.except?.[one]);
    test.each(chosen)("in the scenario %s", { timeout: options.timeoutMs }, async (scenario) => {
      const server = await checkScenario(scenario, makeDriver());
      expect(server.requests).not.toEqual([]);
    });
  });
}

async function checkScenario(scenario: string, driver: Driver): Promise<TestServer> {
  const read = (file: string): string => readFileSync(join(here, "scenarios", `${scenario}.${file}`), "utf8");
  const expectation = JSON.parse(read("json")) as Expectation;
  await using server = await startServer(answerConformance);
  const { report, address } = { report: await runDriver(driver, read("yml"), server.address), address: server.address };
  const local = server.requests.map((request) => ({ ...request, body: request.body.replaceAll(address, "TARGET") }));
  const isLoose = ({ url }: SeenRequest): boolean => expectation.anyOrder?.includes(url) ?? false;
  expect(
    local
      .filter(isLoose)
      .map(({ url }) => url)
      .toSorted(),
  ).toEqual((expectation.anyOrder ?? []).toSorted());
  const users = Object.values(
    Object.groupBy(
      local.filter((one) => !isLoose(one)),
      userOf,
    ),
  ).map((one = []) => one);
  const seen = users.map((requests) => requests.map((request) => JSON.stringify(brief(request))));
  const wanted = expectation.users.map((requests) => requests.map((request) => JSON.stringify(briefOf(request))));
  expect(sorted(seen)).toEqual(sorted(wanted));
  for (const [index, requests] of expectation.users.entries()) {
    const own = users.find((one) => JSON.stringify(one.map(brief)) === JSON.stringify(requests.map(briefOf)));
    for (const [number, request] of requests.entries())
      compare(own?.[number], request, `user ${index} request ${number}`);
  }
  for (const [label, figures] of Object.entries(expectation.labels ?? {})) {
    expect({ label, ...report.labels[label] }).toMatchObject({ label, ...figures });
  }
  return server;
}

async function runDriver(driver: Driver, yaml: string, address: string): Promise<DriverReport> {
  const files: Files = Object.fromEntries(
    readdirSync(join(here, "files")).map((file) => [file, readFileSync(join(here, "files", file))]),
  );
  using folder = openFolder(files);
  const environment = { target: address };
  const plan = planOf(yaml, files, { environment });
  const signal = new AbortController().signal;
  await driver.prepare({ plan, task: 0, folder: folder.path, environment }, signal);
  return await driver.run({ share: shareOf(plan, 0, 1), startAtMs: Date.now() }, () => undefined, signal);
}

function sorted(users: readonly (readonly string[])[]): readonly string[] {
  return users.map((requests) => requests.join("\n")).toSorted();
}

// Scenarios with several users send their number along.
function userOf({ headers }: SeenRequest): string {
  return String(headers["x-user"] ?? "1");
}

function brief({ method, url }: SeenRequest): string {
  return `${method} ${url}`;
}

function briefOf({ method, url }: ExpectedRequest): string {
  return `${method} ${url}`;
}

function compare(seen: SeenRequest | undefined, expected: ExpectedRequest, where: string): void {
  const { headers = {}, body, json, parts } = expected;
  for (const [name, value] of Object.entries(headers)) {
    expect(seen?.headers[name] ?? null, `${where}: header ${name}`).toBe(value);
  }
  if (body !== undefined) expect(seen?.body, `${where}: body`).toBe(body);
  if (json !== undefined) expect(JSON.parse(seen?.body ?? ""), `${where}: body`).toEqual(json);
  if (parts !== undefined) expect(partsOf(seen), `${where}: parts`).toEqual(parts);
}

function partsOf(request: SeenRequest | undefined): readonly Part[] {
  const [, boundary = ""] = /boundary="?([^";]+)/.exec(request?.headers["content-type"] ?? "") ?? [];
  const pieces = (request?.body ?? "").split(`--${boundary}`).slice(1, -1);
  return pieces.map((piece) => {
    const split = piece.indexOf("\r\n\r\n");
    const head = piece.slice(0, split);
    const [, filename] = /filename="([^"]*)"/.exec(head) ?? [];
    const [, name = ""] = /[; ]name="([^"]*)"/.exec(head) ?? [];
    return { name, ...(filename === undefined ? {} : { filename }), content: piece.slice(split + 4, -2) };
  });
}
