import type { Scenario, ScenarioBody, Step } from "../../core/scenario/model.ts";

/** Finds texts in a document; what a path of JSONPath, CSS or XPath leads to. */
export interface Libraries {
  readonly jsonPath: ((json: unknown, path: string) => readonly unknown[]) | undefined;
  readonly css: ((html: string, selector: string, attribute: string | undefined) => readonly string[]) | undefined;
  /** Throws a `LanguageFault` for a selector that is invalid. */
  readonly checkCss: ((selector: string) => void) | undefined;
  readonly xpath: ((text: string, path: string, isHtml: boolean) => readonly string[]) | undefined;
}

/** Loads the libraries that the scenario's extractors and assertions need, and no other. */
export async function loadLibraries(scenario: Scenario): Promise<Libraries> {
  const kinds = new Set(
    Object.values(scenario.bodies).flatMap((body) => [...kindsOf(body), ...kindsOfSteps(body.steps)]),
  );
  const [jsonPath, css, xpath] = await Promise.all([
    kinds.has("jsonpath") ? import("./jsonPathLibrary.ts") : undefined,
    kinds.has("css") ? import("./cssLibrary.ts") : undefined,
    kinds.has("xpath") ? import("./xpathLibrary.ts") : undefined,
  ]);
  return { jsonPath: jsonPath?.selectJson, css: css?.selectCss, checkCss: css?.checkCss, xpath: xpath?.selectXPath };
}

function kindsOf({ extractors, assertions }: Pick<ScenarioBody, "extractors" | "assertions">): readonly string[] {
  return [...extractors, ...assertions].map(({ kind }) => kind);
}

function kindsOfSteps(steps: readonly Step[]): readonly string[] {
  return steps.flatMap((step) => {
    if (step.kind === "request") return kindsOf(step);
    if (step.kind === "if") return [...kindsOfSteps(step.then), ...kindsOfSteps(step.else)];
    return "steps" in step ? kindsOfSteps(step.steps) : [];
  });
}
