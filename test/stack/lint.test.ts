import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, inject, it } from "vitest";
import { root } from "../../scripts/script.mjs";
import { templatePath } from "./readTemplate.ts";

const run = promisify(execFile);
const python = join(inject("stackTools"), "python");

it("has nothing that cfn-lint objects to, in Regions of old and of new", async () => {
  const lint = [
    "-c",
    "import sys; from cfnlint.runner import main; sys.exit(main())",
    "-t",
    templatePath,
    "-r",
    "us-east-1",
    "eu-central-1",
  ];
  const { stdout, stderr } = await run(python, lint).catch(
    (error: { readonly stdout: string; readonly stderr: string }) => error,
  );
  expect(stdout + stderr).toBe("");
});

it("has exactly those findings of checkov that docs/decisions/checkov.md argues", async () => {
  const options = ["--framework", "cloudformation", "--skip-download", "--compact", "--quiet", "--soft-fail"];
  const { stdout } = await run(python, ["-m", "checkov.main", "-f", templatePath, "-o", "json", ...options]);
  const report: {
    readonly results: { readonly failed_checks: readonly { readonly check_id: string; readonly resource: string }[] };
    readonly summary: { readonly passed: number; readonly parsing_errors: number };
  } = JSON.parse(stdout);
  expect(report.summary).toMatchObject({ parsing_errors: 0 });
  expect(report.summary.passed).toBeGreaterThan(150);
  const found = report.results.failed_checks.map(
    ({ check_id, resource }) => `${check_id} ${resource.split(".").at(-1) ?? ""}`,
  );
  expect(new Set(found)).toEqual(new Set(readArgued()));
});

/** Findings that the decision argues: a heading with the check's id, and the resources in a line below it. */
function readArgued(): readonly string[] {
  const text = readFileSync(join(root, "docs", "decisions", "checkov.md"), "utf8");
  return text
    .split("\n## ")
    .slice(1)
    .flatMap((section) => {
      const [heading = ""] = section.split("\n");
      const resources = /^Resources: ([^\n]*(?:\n[^\n]+)*)/m
        .exec(section)?.[1]
        ?.replaceAll(/\s+/g, " ")
        .replace(/\.$/, "");
      return (resources ?? "").split(", ").map((resource) => `${heading.split(":")[0] ?? ""} ${resource}`);
    });
}
