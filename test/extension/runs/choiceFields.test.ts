import { describe, expect, it } from "vitest";
import {
  decodeChanges,
  fieldText,
  labelsText,
  readField,
  withLabels,
  type ChoiceField,
} from "../../../src/extension/runs/choiceFields.ts";
import { english } from "./samples.ts";

describe("the changes for one run", () => {
  it.each<[ChoiceField, string, unknown]>([
    ["users", " 25 ", { users: 25 }],
    ["tasks", "3", { tasks: 3 }],
    ["holdForMs", "1m30s", { holdForMs: 90_000 }],
    ["ratePerSecond", "0.5", { ratePerSecond: 0.5 }],
  ])("read %s", (field, text, changes) => {
    expect(readField(field, text, {}, english)).toEqual(changes);
  });

  it.each<[ChoiceField, string]>([
    ["users", "0"],
    ["users", "1.5"],
    ["tasks", "many"],
    ["holdForMs", "soon"],
    ["holdForMs", "0"],
    ["ratePerSecond", "-1"],
  ])("refuse a %s of %o with a sentence", (field, text) => {
    expect(readField(field, text, {}, english)).toMatch(/^Write a .*\.$/);
  });

  it("leave a field to the file when it is emptied", () => {
    expect(readField("users", "", { users: 5, tasks: 2 }, english)).toEqual({ tasks: 2 });
  });

  it("show again what was typed", () => {
    expect(fieldText("holdForMs", { holdForMs: 90_000 })).toBe("1m30s");
    expect(fieldText("users", {})).toBe("");
  });

  it("come back from the memory, without what does not fit", () => {
    const kept = { users: 5, holdForMs: 90_000, tasks: 0, labelFilter: ["A", 3], ratePerSecond: null, color: "red" };
    expect(decodeChanges(kept, english)).toEqual({ users: 5, holdForMs: 90_000, labelFilter: ["A"] });
    expect(decodeChanges({ labelFilter: "A*", users: "many" }, english)).toEqual({});
    expect(decodeChanges("nonsense", english)).toEqual({});
  });

  it("send the requests that were picked, and all when all or none are", () => {
    const changes = withLabels({ users: 5 }, ["Cart"], 3);
    expect(changes).toEqual({ users: 5, labelFilter: ["Cart"] });
    expect(labelsText(changes, ["Home", "Cart", "Pay"], english)).toBe("chosen 1 of 3: Cart");
    expect(withLabels(changes, ["Home", "Cart", "Pay"], 3)).toEqual({ users: 5 });
    expect(withLabels(changes, [], 3)).toEqual({ users: 5 });
    expect(labelsText({ users: 5 }, ["Home", "Cart"], english)).toBe("all");
  });
});
