import { expect, test } from "vitest";
import { awsError } from "../../src/aws/awsErrors.ts";
import { UserError } from "../../src/core/errors.ts";

function failure(name: string, message: string): Error {
  return Object.assign(new Error(message), { name, $metadata: {} });
}

test.each([
  ["ExpiredTokenException", "aws-credentials-expired", "Could not read the runs: the credentials have expired."],
  ["AccessDeniedException", "aws-denied", "Could not read the runs: AWS refuses it to these credentials. (no)"],
  ["ResourceNotFoundException", "aws-not-there", "Could not read the runs: what it needs is not there. (no)"],
  [
    "ThrottlingException",
    "aws-throttled",
    "Could not read the runs: AWS asks for fewer calls, even after several attempts.",
  ],
  ["TimeoutError", "aws-unreachable", "Could not read the runs: AWS cannot be reached."],
  ["StrangeException", "aws-failed", "Could not read the runs: StrangeException: no"],
  ["Unknown", "aws-failed", "Could not read the runs: the service gave no reason that can be read."],
])("makes a sentence of %s", (name, code, message) => {
  const error = awsError(failure(name, "no"), "read the runs");
  expect(error).toBeInstanceOf(UserError);
  expect(error).toMatchObject({ code, message, kind: "environment" });
});

test("knows an address that does not answer by its code", () => {
  const error = Object.assign(new Error("connect ECONNREFUSED 127.0.0.1:1"), { code: "ECONNREFUSED" });
  expect(awsError(error, "read the runs")).toMatchObject({ code: "aws-unreachable" });
});

test("leaves faults of ours, user errors and aborted calls as they are", () => {
  for (const error of [
    new TypeError("x is not a function"),
    new UserError("no-run", "There is no run."),
    Object.assign(new Error("aborted"), { name: "AbortError" }),
  ]) {
    expect(awsError(error, "read the runs")).toBe(error);
  }
});
