import { describe, expect, it } from "vitest";
import { makePhrasebook } from "../../src/core/phrasebook.ts";

const german = makePhrasebook({
  Failed: "Fehlgeschlagen",
  "at most {0}": "höchstens {0}",
  "{0} of {1}": "{0:phrase} von {1}",
  "Error rate": "Fehlerrate",
  "{0} was {1}, allowed is {2}.": "{0:phrase} war {1}, erlaubt ist {2:phrase}.",
  "The run failed.": "Der Lauf ist gescheitert.",
  "The run failed. Try again.": "Der Lauf ist gescheitert, noch einmal bitte.",
  "There is no {0}; did you mean {1}?": "{0} gibt es nicht; meinten Sie {1}?",
  "There is no {0}": "Ohne {0}",
  "{0} and {0} again": "zweimal {0}",
});

describe("a phrasebook", () => {
  it("says a phrase in its language", () => {
    expect(german.tell("Failed")).toBe("Fehlgeschlagen");
    expect(german.t("at most {0}", 5)).toBe("höchstens 5");
  });

  it("finds the phrase that a text was made from, and says values that are phrases too", () => {
    expect(german.tell("Error rate of Checkout was 3 %, allowed is at most 1 %.")).toBe(
      "Fehlerrate von Checkout war 3 %, erlaubt ist höchstens 1 %.",
    );
  });

  it("leaves a person's own words alone", () => {
    expect(german.tell("p95 of Failed was 3 ms, allowed is at most 1 ms.")).toBe(
      "p95 von Failed war 3 ms, erlaubt ist höchstens 1 ms.",
    );
  });

  it("prefers the phrase that says most", () => {
    expect(german.tell("There is no Chekcout; did you mean Checkout?")).toBe(
      "Chekcout gibt es nicht; meinten Sie Checkout?",
    );
  });

  it("says each of several sentences", () => {
    const text = "The run failed. Nobody knows why. There is no network";
    expect(german.tell(text)).toBe("Der Lauf ist gescheitert. Nobody knows why. Ohne network");
    expect(german.tell("The run failed. Try again. The run failed.")).toBe(
      "Der Lauf ist gescheitert, noch einmal bitte. Der Lauf ist gescheitert.",
    );
  });

  it("takes a value that stands twice only where it is the same", () => {
    expect(german.tell("a and a again")).toBe("zweimal a");
    expect(german.tell("a and b again")).toBe("a and b again");
  });

  it("says a part of a sentence that is a sentence elsewhere", () => {
    const book = makePhrasebook({
      "The rule {0} was met: {1}": "Kriterium {0}: {1:phrase}",
      "{0} was met": "{0} erreicht",
      "{0} cannot be: {1}.": "{0:phrase} geht nicht: {1:phrase}.",
      "Error rate": "Fehlerrate",
      "mean time": "Mittel",
      "a list": "eine Liste",
      "Add it.": "Ergänzen Sie es.",
    });
    expect(book.tell("The rule p95>1 was met: error rate")).toBe("Kriterium p95>1: Fehlerrate");
    expect(book.tell("Mean time cannot be: a list.")).toBe("Mittel geht nicht: eine Liste.");
    expect(book.tell("A list cannot be: add it.")).toBe("Eine Liste geht nicht: Ergänzen Sie es.");
  });

  it("prefers a phrase that begins alike to one that begins with a value", () => {
    const book = makePhrasebook({ "Rule {0}: {1}": "Regel {0}: {1}", "{0} was over the limit.": "{0} zu groß." });
    expect(book.tell("Rule A: p95 was over the limit.")).toBe("Regel A: p95 was over the limit.");
  });

  it("takes a part of a sentence for no sentence", () => {
    const book = makePhrasebook({ "p95 of {0}": "p95 von {0}" });
    expect(book.tell("p95 of Home")).toBe("p95 von Home");
    expect(book.tell("p95 of Home went up.")).toBe("p95 of Home went up.");
  });

  it("keeps line ends and signs of a value", () => {
    expect(german.tell("at most $1\n{0} .*")).toBe("höchstens $1\n{0} .*");
  });

  it("leaves a text that it does not know as it is", () => {
    expect(german.tell("Nobody wrote this.")).toBe("Nobody wrote this.");
    expect(german.tell("")).toBe("");
    expect(german.tell("constructor")).toBe("constructor");
  });

  it("is English without phrases", () => {
    const english = makePhrasebook();
    expect(english.tell("The run failed.")).toBe("The run failed.");
    expect(english.t("{0} of {1} tasks", 1, 2)).toBe("1 of 2 tasks");
  });
});
