import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Value } from "typebox/value";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { configSchema } from "../../../src/core/scenario/schema/config.ts";
import { contributedSchema } from "../../../src/core/scenario/schema/contributed.ts";
import { root } from "./scenarioFiles.ts";

// Written anew by: npx vitest run --project unit test/core/scenario/schema.test.ts -u
test("media/loadtest.schema.json is the schema of the scenario language", async () => {
  await expect(`${JSON.stringify(contributedSchema, null, 2)}\n`).toMatchFileSnapshot(
    "../../../media/loadtest.schema.json",
  );
});

const valid = globSync(
  ["examples/*.yml", "test/fixtures/scenarios/valid/*.yml", "test/fixtures/examples/*.{yml,json}"],
  { cwd: root },
);

test.each(valid)("an independent validator accepts %s", (path) => {
  const value: unknown = parse(readFileSync(join(root, path), "utf8"), { version: "1.1" });
  expect(Value.Errors(configSchema, value)).toEqual([]);
});

test.each([
  ["a misspelt key", { execution: { scenario: "s", "hold-fro": "1m" } }],
  ["a duration in words", { execution: { scenario: "s", "hold-for": "5 minutes" } }],
  ["a list instead of a mapping", { scenarios: [] }],
  ["a request without a URL", { scenarios: { s: { requests: [{ method: "GET" }] } } }],
  ["negative users", { execution: { scenario: "s", concurrency: -1 } }],
])("an independent validator refuses %s", (_, value) => {
  expect(Value.Check(configSchema, value)).toBe(false);
});
