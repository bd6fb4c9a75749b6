import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { openEditorWindow } from "../editor/editorWindow.ts";

const windows = 5;

const hostTests = join(import.meta.dirname, "..", "host", "main.ts");

/** Prints what the in-host tests measure: the time inside `activate` (at most 50 ms wanted), and that of lenses (10 ms). */
function printHostMeasures(): void {
  for (const name of ["activation", "measured"]) {
    const printed = execFileSync(process.execPath, [hostTests, name], { encoding: "utf8" });
    console.log(
      printed
        .split("\n")
        .filter((line) => line.startsWith("measured:"))
        .join("\n"),
    );
  }
}

/** Prints how long the packed extension takes to activate, as a real editor measures it; each window is a new host. */
export async function benchActivation(): Promise<void> {
  printHostMeasures();
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
  console.log(
    `activation with the loading of its code: ${median} ms median of ${windows} windows (${sorted.join(", ")} ms)`,
  );
}
