import { UserError } from "../../src/core/errors.ts";
import type { RunResult } from "../../src/core/results/result.ts";
import type { ResultSource } from "../source.ts";

/** Reads the result that `renderReport` put into the page: JSON, gzipped, in base64, in the element with this id. */
export function embeddedSource(elementId: string): ResultSource {
  return { result: (signal) => read(document.getElementById(elementId)?.textContent ?? "", signal) };
}

async function read(base64: string, signal: AbortSignal): Promise<RunResult> {
  const hint = "Write it again with `loadfleet report`.";
  if (base64 === "") throw new UserError("report-without-result", "The file holds no result.", { hint });
  try {
    const packed = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
    const unpacked = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"), { signal });
    const result: RunResult = await new Response(unpacked).json();
    return result;
  } catch (cause) {
    signal.throwIfAborted();
    throw new UserError("broken-report", "The result inside this file cannot be read; the file is damaged.", {
      hint,
      cause,
    });
  }
}
