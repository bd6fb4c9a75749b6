import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { makeOpenApi } from "../../../src/core/api/openapi.ts";
import { findRoute, hasRole, routes } from "../../../src/core/api/routes.ts";

const reference = { "Fn::GetAtt": ["Api", "Arn"] };

interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Described>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, unknown>>; readonly securitySchemes: object };
}

interface Described {
  readonly operationId?: string;
  readonly security?: unknown;
  readonly parameters: readonly { readonly name: string; readonly in: string; readonly required: boolean }[];
  readonly responses: Readonly<Record<string, unknown>>;
  readonly "x-amazon-apigateway-integration": {
    readonly type: string;
    readonly uri?: unknown;
    readonly responses?: {
      readonly default: { readonly responseParameters: Readonly<Record<string, string>> };
    };
  };
}

const whole = makeOpenApi({
  functionArn: reference,
  userPoolArn: { "Fn::GetAtt": ["Users", "Arn"] },
  partition: { Ref: "AWS::Partition" },
  region: { Ref: "AWS::Region" },
  version: "1.2.3",
});
const text = JSON.stringify(whole);
const document: Document = JSON.parse(text);
const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, described]) => ({ path, method, described })),
);

describe("makeOpenApi", () => {
  it("describes every operation once, and the question of browsers on each path", () => {
    const real = operations.filter(({ method }) => method !== "options");
    expect(real).toHaveLength(routes.length);
    expect(new Set(real.map(({ described }) => described.operationId))).toEqual(
      new Set(routes.map(({ operation }) => operation)),
    );
    expect(operations.filter(({ method }) => method === "options").map(({ path }) => path)).toEqual(
      Object.keys(document.paths),
    );
  });

  it.each(operations.filter(({ method }) => method !== "options"))(
    "hands $method $path to the function, for signed-in people only",
    ({ path, described }) => {
      expect(described.security).toEqual([{ userPool: [] }]);
      const { type, uri } = described["x-amazon-apigateway-integration"];
      expect(type).toBe("aws_proxy");
      expect(uri).toEqual({
        "Fn::Join": [
          "",
          [
            "arn:",
            { Ref: "AWS::Partition" },
            ":apigateway:",
            { Ref: "AWS::Region" },
            ":lambda:path/2015-03-31/functions/",
            reference,
            "/invocations",
          ],
        ],
      });
      const named = described.parameters.filter((parameter) => parameter.in === "path").map(({ name }) => `{${name}}`);
      expect(path.match(/\{\w+\}/g) ?? []).toEqual(named);
      expect(Object.keys(described.responses)).toEqual(expect.arrayContaining(["400", "401", "403", "429", "500"]));
    },
  );

  it.each(operations.filter(({ method }) => method === "options"))(
    "lets pages of other origins ask for $path without a token",
    ({ path, described }) => {
      expect(described.security).toBeUndefined();
      const integration = described["x-amazon-apigateway-integration"];
      expect(integration.type).toBe("mock");
      const sent = integration.responses?.default.responseParameters ?? {};
      const methods = routes.filter((route) => route.path === path).map(({ method }) => method.toUpperCase());
      expect(sent["method.response.header.Access-Control-Allow-Methods"]).toBe(
        `'${[...methods, "OPTIONS"].join(",")}'`,
      );
      expect(sent["method.response.header.Access-Control-Allow-Headers"]).toContain("Authorization");
    },
  );

  it("asks the user pool about every token", () => {
    expect(document.components.securitySchemes).toEqual({
      userPool: expect.objectContaining({
        name: "Authorization",
        "x-amazon-apigateway-authorizer": {
          type: "cognito_user_pools",
          providerARNs: [{ "Fn::GetAtt": ["Users", "Arn"] }],
        },
      }),
    });
  });

  it("refers to schemas that exist, and describes none that nothing refers to", () => {
    const named = [...text.matchAll(/#\/components\/schemas\/(\w+)/g)].map(([, name]) => name);
    expect(new Set(named)).toEqual(new Set(Object.keys(document.components.schemas)));
  });

  // "Amazon API Gateway important notes for REST APIs", and model names by pattern in its API reference.
  it("has nothing that API Gateway cannot import", () => {
    expect(Object.keys(document.components.schemas).filter((name) => !/^[a-zA-Z0-9]+$/.test(name))).toEqual([]);
    for (const { described } of operations) {
      expect(Object.keys(described.responses).filter((status) => !/^\d{3}$/.test(status))).toEqual([]);
    }
    expect(text).not.toMatch(/"(nullable|exclusiveMinimum|readOnly|discriminator|example)":/);
  });

  it("lets pages read the gateway's own answers", () => {
    const answers = Object.values(whole["x-amazon-apigateway-gateway-responses"] ?? {});
    expect(answers.length).toBeGreaterThan(5);
    for (const answer of answers) {
      expect(answer).toMatchObject({
        responseParameters: { "gatewayresponse.header.Access-Control-Allow-Origin": "'*'" },
      });
      expect(JSON.stringify(answer)).toContain('\\"hint\\":');
    }
  });

  it("is small enough to stand in a template", () => {
    expect(text.length).toBeLessThan(60_000);
  });
});

describe("routes", () => {
  it("are found by method and path", () => {
    expect(findRoute("DELETE", "/scenarios/{testId}")?.operation).toBe("deleteScenario");
    expect(findRoute("PATCH", "/scenarios")).toBeUndefined();
    expect(findRoute("GET", "/scenarios/5")).toBeUndefined();
  });

  it.each([
    { groups: [], read: true, run: false, admin: false },
    { groups: ["somebody-elses"], read: true, run: false, admin: false },
    { groups: ["read"], read: true, run: false, admin: false },
    { groups: ["read", "run"], read: true, run: true, admin: false },
    { groups: ["admin"], read: true, run: true, admin: true },
  ])("let people of the groups $groups do what they may", ({ groups, read, run, admin }) => {
    expect([hasRole(groups, "read"), hasRole(groups, "run"), hasRole(groups, "admin")]).toEqual([read, run, admin]);
  });

  it("are all in the manual", () => {
    const manual = readFileSync(new URL("../../../docs/api.md", import.meta.url), "utf8");
    const missing = routes.filter(({ method, path }) => !manual.includes(`${method.toUpperCase()} ${path}`));
    expect(missing.map(({ method, path }) => `${method.toUpperCase()} ${path}`)).toEqual([]);
  });
});
