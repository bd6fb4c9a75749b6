import { openEditorWindow } from "../editor/editorWindow.ts";

const windows = 5;

/** Prints how long the packed extension takes to activate, as a real editor measures it; each window is a new host. */
export async function benchActivation(): Promise<void> {
  await using window = await openEditorWindow();
  const { workbench } = window;
  const measured: number[] = [];
  for (let number = 0; number < windows; number++) {
    if (number > 0) await workbench.reloadWindow();
    await workbench.openFile("shop.loadtest.yml");
    measured.push(await workbench.activationMs("Loadfleet"));
  }
  const sorted = measured.toSorted((a, b) => a - b);
  const median = sorted[Math.floor(windows / 2)];
  console.log(`activation: ${median} ms median of ${windows} windows (${sorted.join(", ")} ms; at most 50 ms wanted)`);
}
