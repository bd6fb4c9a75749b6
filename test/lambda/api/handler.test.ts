import { describe, expect, it } from "vitest";
import { routes } from "../../../src/core/api/routes.ts";
import { makeMemoryLedger } from "../../../src/fleet/memory/ledger.ts";
import { makeApiHandler } from "../../../src/lambda/api/handler.ts";
import { ApiClient, simpleTest } from "./client.ts";

const { signal } = new AbortController();

function failing(error: Error): ApiClient {
  const listTests = async (): Promise<never> => {
    throw error;
  };
  return new ApiClient({ ledger: { ...makeMemoryLedger(), listTests } });
}

function named(name: string): Error {
  return Object.assign(new Error("arn:aws:dynamodb:eu-west-1:000000000000:table/x"), { name });
}

describe("the API's handler", () => {
  it.each(routes)("lets into $operation whoever may use it, and nobody else", async ({ method, path, role }) => {
    const what = `${method.toUpperCase()} ${path.replaceAll(/\{\w+\}/g, "shop")}`;
    const statuses: Record<string, boolean> = {};
    for (const groups of ["", "read", "run", "read,run", "admin"]) {
      const { status, body } = await new ApiClient().ask(what, { groups });
      statuses[groups] = status !== 403;
      expect(body["code"] === "not-allowed").toBe(status === 403);
    }
    const may = { read: true, run: role !== "admin", admin: true };
    expect(statuses).toEqual({
      "": role === "read",
      read: role === "read",
      run: may.run,
      "read,run": may.run,
      admin: true,
    });
  });

  it("lets pages of other origins read every answer, and nothing keep it", async () => {
    const api = new ApiClient();
    for (const what of ["GET /scenarios", "GET /scenarios/nothing", "GET /nothing", "POST /scenarios"]) {
      expect((await api.ask(what)).headers).toMatchObject({
        "Access-Control-Allow-Origin": "*",
        "Cache-Control": "no-store",
      });
    }
  });

  it("knows only the routes of its description", async () => {
    expect(await new ApiClient().ask("GET /nothing")).toMatchObject({ status: 404, body: { code: "no-route" } });
    const { statusCode } = await makeApiHandler(new ApiClient().ports, () => undefined)({ warm: true }, signal);
    expect(statusCode).toBe(400);
  });

  it("asks for patience when AWS does", async () => {
    const answer = await failing(named("ThrottlingException")).ask("GET /scenarios");
    expect(answer).toMatchObject({ status: 429, headers: { "Retry-After": "5" }, body: { code: "too-many-requests" } });
  });

  it("tells a client nothing of a failure inside, and the log everything", async () => {
    const api = failing(named("AccessDeniedException"));
    const answer = await api.ask("GET /scenarios");
    expect(answer).toMatchObject({ status: 500, body: { code: "failed", hint: expect.stringContaining("log") } });
    expect(JSON.stringify(answer.body)).not.toContain("arn:");
    expect(JSON.parse(api.log[0] ?? "")).toMatchObject({
      function: "api",
      operation: "listScenarios",
      user: "maria",
      status: 500,
      errorId: answer.body["errorId"],
      error: "AccessDeniedException",
    });
  });

  it("logs one line a request, without what it holds", async () => {
    const api = new ApiClient();
    await api.ask("POST /scenarios", { body: simpleTest });
    expect(api.log).toHaveLength(1);
    expect(JSON.parse(api.log[0] ?? "")).toMatchObject({ operation: "startScenario", status: 200, user: "maria" });
    expect(api.log[0]).not.toContain("shop.example");
  });

  it("reads a body that the gateway has packed", async () => {
    const api = new ApiClient();
    const event = {
      httpMethod: "POST",
      resource: "/scenarios",
      body: Buffer.from(JSON.stringify(simpleTest)).toString("base64"),
      isBase64Encoded: true,
      requestContext: { authorizer: { claims: { "cognito:groups": "[read run]" } } },
    };
    expect((await makeApiHandler(api.ports, () => undefined)(event, signal)).statusCode).toBe(200);
  });
});
