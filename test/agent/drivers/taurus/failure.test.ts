import { describe, expect, test } from "vitest";
import { diagnose, type Symptoms } from "../../../../src/agent/drivers/taurus/failure.ts";

const healthy: Symptoms = { failures: [], jmeterLog: "", output: "", endedBy: undefined };

describe("an engine that failed is named by", () => {
  test.for<[string, Partial<Symptoms>, string, string]>([
    [
      "the memory that it lacked, even if it was killed for it",
      { jmeterLog: "Terminating due to java.lang.OutOfMemoryError: Java heap space", endedBy: "SIGKILL" },
      "jmeter-out-of-memory",
      "JMeter ran out of memory (Java heap space).",
    ],
    [
      "the class that it lacked",
      {
        jmeterLog: "Caused by: com.thoughtworks.xstream.mapper.CannotResolveClassException: com.example.Probe\n\tat x",
      },
      "jmeter-class-missing",
      "JMeter has no class com.example.Probe, which the script needs.",
    ],
    [
      "the configuration that it refused",
      { failures: [{ kind: "TaurusConfigError", message: "Scenario 'x' not found\nmore", detail: "" }] },
      "taurus-config",
      "Taurus does not accept the scenario: Scenario 'x' not found.",
    ],
    [
      "the Java that it lacked",
      { output: "exec: java: not found" },
      "java-missing",
      "JMeter could not be started: there is no Java, or it is too old.",
    ],
    ["the signal that ended it", { endedBy: "SIGKILL" }, "engine-killed", "Taurus was ended from outside by SIGKILL."],
    [
      "the last error of JMeter",
      {
        failures: [
          { kind: "ToolError", message: "JMeter exited with non-zero code: 1", detail: "a\nSome Error here\nb" },
        ],
      },
      "jmeter-failed",
      "JMeter ended with exit code 1: Some Error here.",
    ],
    ["its last words", { output: "one\ntwo\n" }, "taurus-failed", "Taurus failed: two."],
    ["its silence", {}, "taurus-failed", "Taurus failed: it ended without a word."],
  ])("%s", ([, symptoms, code, message]) => {
    const error = diagnose({ ...healthy, ...symptoms });
    expect({ code: error.code, message: error.message }).toEqual({ code, message });
    expect(error.hint).toMatch(/^[A-Z`].*\.$/);
  });
});
