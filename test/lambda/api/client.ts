import { zlibGzip } from "../../../src/aws/gzip.ts";
import { makeApiHandler } from "../../../src/lambda/api/handler.ts";
import type { ApiPorts, Links } from "../../../src/lambda/api/ports.ts";
import { findRoute, routes } from "../../../src/core/api/routes.ts";
import { makeRunId, type RunId } from "../../../src/core/run/ids.ts";
import { makeMemoryLedger } from "../../../src/fleet/memory/ledger.ts";
import { makeMemoryStore } from "../../../src/fleet/memory/store.ts";
import { startedAtMs } from "../../fleet/records.ts";

const { signal } = new AbortController();

/** Addresses that lead nowhere, with parts that a test says have arrived. */
class MemoryLinks implements Links {
  readonly arrived = new Map<string, number>();
  #uploads = 0;

  async read(key: string): Promise<string> {
    return `https://store.example/${key}?signed`;
  }

  async beginUpload(key: string, parts: number) {
    this.#uploads += 1;
    const uploadId = `upload-${this.#uploads}`;
    const urls = Array.from({ length: parts }, (_, index) => `https://store.example/${key}?part=${index + 1}`);
    return { uploadId, urls };
  }

  async finishUpload(_key: string, uploadId: string) {
    const bytes = this.arrived.get(uploadId);
    if (!uploadId.startsWith("upload-")) return "unknown" as const;
    return bytes === undefined ? ("empty" as const) : { bytes };
  }
}

/** An answer as a client sees it. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  // What a client reads from JSON has any shape; tests say which they expect.
  readonly body: Readonly<Record<string, unknown>>;
}

export interface AskOptions {
  readonly body?: unknown;
  readonly query?: Readonly<Record<string, string>>;
  /** As API Gateway writes them: one text with commas. Default: admin. */
  readonly groups?: string;
}

/** The API over memory, and a client that speaks to it as API Gateway does. */
export class ApiClient {
  readonly links = new MemoryLinks();
  readonly started: RunId[] = [];
  readonly log: string[] = [];
  now = startedAtMs;
  readonly ports: ApiPorts;
  #random = 0;

  constructor(changes: Partial<ApiPorts> = {}) {
    this.ports = {
      ledger: makeMemoryLedger(),
      store: makeMemoryStore(),
      gzip: zlibGzip,
      links: this.links,
      starter: {
        start: async (runId) => void this.started.push(runId),
        isAlive: async () => true,
      },
      now: () => this.now,
      toolVersion: "1.2.3",
      random: (bytes) => {
        this.#random += 1;
        return new Uint8Array(bytes).fill(this.#random);
      },
      ...changes,
    };
  }

  /** Sends a request such as `POST /scenarios/shop/uploads`. */
  async ask(what: string, { body, query, groups = "admin" }: AskOptions = {}): Promise<Answer> {
    const [method = "", path = ""] = what.split(" ");
    const { resource, values } = resourceOf(path);
    const text = body === undefined ? null : typeof body === "string" ? body : JSON.stringify(body);
    const event = {
      httpMethod: method,
      resource,
      path,
      pathParameters: Object.keys(values).length === 0 ? null : values,
      queryStringParameters: query ?? null,
      body: text,
      isBase64Encoded: false,
      requestContext: {
        authorizer: {
          claims: { sub: "5", "cognito:username": "maria", ...(groups === "" ? {} : { "cognito:groups": groups }) },
        },
      },
    };
    const {
      statusCode,
      headers,
      body: answered,
    } = await makeApiHandler(this.ports, (line) => this.log.push(line))(event, signal);
    return { status: statusCode, headers, body: JSON.parse(answered) };
  }

  /** Puts a file where clients of version 1.2 put it. */
  async upload(key: string, content: string | Uint8Array): Promise<void> {
    const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
    await this.ports.store.put(key, bytes, signal);
  }

  /** Text of a kept file; undefined when there is none. */
  async kept(key: string): Promise<string | undefined> {
    const bytes = await this.ports.store.get(key, signal);
    return bytes && new TextDecoder().decode(bytes);
  }

  /** Ends the run of the last start. */
  async end(status: "complete" | "failed" | "cancelled", reason: string | null = null): Promise<RunId> {
    const runId = this.started.at(-1) ?? makeRunId(0, new Uint8Array(10));
    const run = await this.ports.ledger.getRun(runId, signal);
    if (run === undefined) throw new Error("Nothing was started.");
    const endedAtMs = this.now + 60_000;
    await this.ports.ledger.closeRun({ ...run, status, reason, endedAtMs, startAtMs: this.now }, signal);
    return runId;
  }
}

function resourceOf(path: string): { readonly resource: string; readonly values: Record<string, string> } {
  const parts = path.split("/");
  for (const { path: pattern } of routes) {
    const names = pattern.split("/");
    const isSame =
      names.length === parts.length && names.every((name, index) => name.startsWith("{") || name === parts[index]);
    if (!isSame || findRoute("GET", path) !== undefined) continue;
    const pairs = names.flatMap((name, index) =>
      name.startsWith("{") ? [[name.slice(1, -1), parts[index] ?? ""]] : [],
    );
    return { resource: pattern, values: Object.fromEntries(pairs) };
  }
  return { resource: path, values: {} };
}

/** A test of one address as the console of version 1.2 sends it. */
export const simpleTest = {
  testId: "Xk29fLq0aZ",
  testName: "Home page",
  testDescription: "The page that everybody sees.",
  taskCount: 5,
  testScenario: {
    execution: [{ concurrency: 20, "ramp-up": "1m", "hold-for": "10m", scenario: "Home page" }],
    scenarios: {
      "Home page": { requests: [{ url: "https://shop.example/", method: "GET", body: {}, headers: {} }] },
    },
  },
  testType: "simple",
  fileType: "none",
};

/** A test of a JMeter script as that console sends it. */
export const jmeterTest = {
  ...simpleTest,
  testType: "jmeter",
  fileType: "script",
  testScenario: {
    execution: [{ concurrency: 20, "ramp-up": "30s", "hold-for": "2m", scenario: "Home page" }],
    scenarios: { "Home page": { script: "Xk29fLq0aZ.jmx" } },
  },
};

/** A JMeter test plan that asks for one page, and reads a file when one is named. */
export function jmx(csv?: string): string {
  const data =
    csv === undefined
      ? ""
      : `<CSVDataSet guiclass="TestBeanGUI" testclass="CSVDataSet" testname="data" enabled="true">
          <stringProp name="filename">${csv}</stringProp></CSVDataSet><hashTree/>`;
  return `<?xml version="1.0" encoding="UTF-8"?>
<jmeterTestPlan version="1.2" properties="5.0" jmeter="5.6.3"><hashTree>
  <TestPlan guiclass="TestPlanGui" testclass="TestPlan" testname="Plan" enabled="true"/>
  <hashTree>
    <ThreadGroup guiclass="ThreadGroupGui" testclass="ThreadGroup" testname="Users" enabled="true">
      <elementProp name="ThreadGroup.main_controller" elementType="LoopController">
        <stringProp name="LoopController.loops">1</stringProp>
      </elementProp>
      <stringProp name="ThreadGroup.num_threads">2</stringProp>
    </ThreadGroup>
    <hashTree>${data}
      <HTTPSamplerProxy guiclass="HttpTestSampleGui" testclass="HTTPSamplerProxy" testname="Home" enabled="true">
        <stringProp name="HTTPSampler.domain">shop.example</stringProp>
      </HTTPSamplerProxy><hashTree/>
    </hashTree>
  </hashTree>
</hashTree></jmeterTestPlan>`;
}
