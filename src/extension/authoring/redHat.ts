import { extensions, workspace, type TextDocument } from "vscode";
import { isScenarioName } from "../recognize.ts";

/** What the YAML extension of Red Hat does for a document by the schema that package.json contributes. */
export interface YamlSupport {
  readonly validates: boolean;
  readonly completes: boolean;
  readonly hovers: boolean;
}

/** Tells what the YAML extension does for a document; nothing when it is not there, or the file has another name. */
export function yamlSupportFor(document: TextDocument): YamlSupport {
  // Where it is installed, any YAML file activates it.
  const isThere =
    document.languageId === "yaml" &&
    isScenarioName(document.uri) &&
    extensions.getExtension("redhat.vscode-yaml") !== undefined;
  const does = (name: string) => isThere && workspace.getConfiguration("yaml", document).get(name, true);
  return { validates: does("validate"), completes: does("completion"), hovers: does("hover") };
}
