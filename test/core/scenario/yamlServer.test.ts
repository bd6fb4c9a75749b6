import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { getLanguageService, TextDocument, type Diagnostic } from "yaml-language-server";
import { contributedSchema } from "../../../src/core/scenario/schema/contributed.ts";
import { beyondSchema } from "../../../src/core/scenario/language/beyondSchema.ts";
import type { Problem } from "../../../src/core/scenario/problem.ts";
import { readFixture, root } from "./scenarioFiles.ts";

/** The part of Red Hat's YAML extension that validates, with the schema that we contribute to it. */
const server = getLanguageService({
  schemaRequestService: () => Promise.reject(new Error("Nothing is fetched.")),
  workspaceContext: { resolveRelativePath: (path) => path },
});
server.configure({
  validate: true,
  schemas: [{ uri: "loadfleet:schema", fileMatch: ["*.yml"], schema: { ...contributedSchema } }],
  // As the extension has it by default.
  yamlVersion: "1.2",
});

// The server keeps what it has read by address and version.
let version = 0;

async function findingsIn(text: string): Promise<readonly Diagnostic[]> {
  const document = TextDocument.create("file:///shop.yml", "yaml", ++version, text);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- it makes documents of another package than it declares
  return server.doValidation(document as Parameters<typeof server.doValidation>[0], false);
}

const findingsOf = (path: string) => findingsIn(readFileSync(join(root, path), "utf8"));

const lineOf = ({ range, message }: Diagnostic): string =>
  `${range.start.line + 1}: ${typeof message === "string" ? message : message.value}`;

/** Whether a finding of the server is about the place of a problem of ours. */
function isAbout({ range }: Diagnostic, { line, endLine }: Problem): boolean {
  return range.start.line + 1 <= endLine && range.end.line + 1 >= line;
}

describe("the YAML extension, by our schema", () => {
  const valid = globSync(["examples/*.yml", "test/fixtures/scenarios/valid/*.yml", "test/fixtures/examples/*.yml"], {
    cwd: root,
  });

  it.each(valid)("finds nothing in %s", async (path) => {
    expect((await findingsOf(path)).map(lineOf)).toEqual([]);
  });

  it("finds nothing in words and numbers that only YAML 1.1, which Taurus reads, knows", async () => {
    const text = `execution:
- scenario: shop
  concurrency: 0x10
  hold-for: 1m
scenarios:
  shop:
    keepalive: yes
    store-cookie: off
    requests: [http://127.0.0.1/]
`;
    expect((await findingsIn(text)).map(lineOf)).toEqual([]);
  });

  // Its one line has another mistake as well: lists where mappings belong.
  const broken = globSync("test/fixtures/scenarios/broken/*.yml", { cwd: root }).filter(
    (path) => !path.endsWith("nesting-too-deep.yml"),
  );

  it.each(broken)("and what we leave to it agree about %s, and neither repeats the other", async (path) => {
    const { problems } = readFixture(path);
    const findings = await findingsOf(path);
    const kept = beyondSchema(problems);
    const left = problems.filter((problem) => !kept.includes(problem));
    const isSaid = (problem: Problem): boolean => findings.some((finding) => isAbout(finding, problem));
    const toText = ({ line, code, message }: Problem): string => `${line}: ${code}: ${message}`;
    expect(left.filter((problem) => !isSaid(problem)).map(toText), "said by nobody").toEqual([]);
    expect(kept.filter(isSaid).map(toText), "said twice").toEqual([]);
  });
});
