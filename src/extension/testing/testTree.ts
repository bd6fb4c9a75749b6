import { basename, posix } from "node:path";
import { Range, workspace, type TestController, type TestItem, type Uri } from "vscode";
import { readingOf } from "../authoring/readings.ts";
import { findScenarios } from "../runs/scenarioItems.ts";
import { layOutTests, type TestNode } from "./testLayout.ts";

/** Fills in what is below an item: the load tests of the workspace, or the scenarios and criteria of one. */
export async function resolveTests(controller: TestController, item: TestItem | undefined): Promise<void> {
  if (item !== undefined) return readFile(controller, item);
  const uris = await findScenarios();
  const known = uris.map((uri) => controller.items.get(uri.toString()) ?? fileItem(controller, uri));
  controller.items.replace(known);
}

/** Reads a file's tests anew if the file is among them, as after it was saved. */
export async function refreshFile(controller: TestController, uri: Uri): Promise<void> {
  const item = controller.items.get(uri.toString());
  if (item !== undefined) await readFile(controller, item);
}

function fileItem(controller: TestController, uri: Uri): TestItem {
  const item = controller.createTestItem(uri.toString(), basename(uri.path), uri);
  const folder = posix.dirname(workspace.asRelativePath(uri));
  if (folder !== ".") item.description = folder;
  item.canResolveChildren = true;
  return item;
}

async function readFile(controller: TestController, item: TestItem): Promise<void> {
  if (item.uri === undefined || item.parent !== undefined) return;
  const { scenario } = readingOf(await workspace.openTextDocument(item.uri));
  item.children.replace(scenario === undefined ? [] : itemsOf(controller, item, layOutTests(scenario)));
}

function itemsOf(controller: TestController, parent: TestItem, nodes: readonly TestNode[]): TestItem[] {
  return nodes.map(({ id, label, range, children }) => {
    const item = controller.createTestItem(`${parent.id}\n${id}`, label, parent.uri);
    if (range !== undefined)
      item.range = new Range(range.line - 1, range.column - 1, range.endLine - 1, range.endColumn - 1);
    item.children.replace(itemsOf(controller, item, children));
    return item;
  });
}
