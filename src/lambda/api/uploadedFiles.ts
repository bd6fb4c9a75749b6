import { posix } from "node:path";
import type { TestRequest } from "../../core/api/testRequest.ts";
import type { TestId } from "../../core/run/ids.ts";
import type { Store } from "../../fleet/ports.ts";
import { ApiError, badFields } from "./apiError.ts";
import { uploadKeys } from "./uploadKeys.ts";
import { readZip } from "./zipFile.ts";

/** What was uploaded for a test, as its run will see it. */
export interface UploadedFiles {
  /** By path in the bundle; the main file stands at its top, beside what it names. */
  readonly files: ReadonlyMap<string, Uint8Array>;
  /** Path of the script or scenario among the files; undefined when nothing was uploaded. */
  readonly main: string | undefined;
  /** Where the upload is, and where it belongs once the test has its id. */
  readonly upload: { readonly from: string; readonly to: string; readonly bytes: Uint8Array } | undefined;
}

const mostPackedBytes = 50 * 1024 ** 2;

/**
 * Fetches what a client has uploaded for a test and, when it is a zip, unpacks it.
 * @throws {ApiError} 400 when there is nothing, or nothing that can be used; 413
 */
export async function loadUpload(
  request: TestRequest,
  testId: TestId,
  store: Store,
  signal: AbortSignal,
): Promise<UploadedFiles> {
  if (request.fileType === "none") return { files: new Map(), main: undefined, upload: undefined };
  // A client that uploads by itself names the file by its own writing of the id.
  const names = [...new Set([request.testId ?? testId, testId])];
  const keys = names.flatMap((name) => uploadKeys(request.testType, request.fileType, name));
  for (const from of keys) {
    const bytes = await store.get(from, signal);
    if (bytes === undefined) continue;
    if (bytes.length > mostPackedBytes) throw tooLarge(from);
    const ending = posix.extname(from);
    const upload = { from, to: posix.join(posix.dirname(from), `${testId}${ending}`), bytes };
    if (request.fileType === "zip") return { ...openZip(request, testId, bytes), upload };
    const main = `${testId}${scriptEnding(request, ending)}`;
    return { files: new Map([[main, bytes]]), main, upload };
  }
  throw new ApiError(400, "no-file", `No ${request.fileType} was uploaded for the test ${testId}.`, {
    hint: `Upload it to one of: ${keys.slice(0, 4).join(", ")} (POST /scenarios/${testId}/uploads gives addresses).`,
    fields: [{ field: "fileType", message: `There is no file for "${request.fileType}".` }],
  });
}

function tooLarge(key: string): ApiError {
  return new ApiError(413, "too-large", `${key} is larger than 50 MB.`, {
    hint: "Leave out what the run does not need, or start the test with the command line or the editor.",
  });
}

// The console of version 1.2 names every script .jmx, whatever it is.
function scriptEnding({ testType }: TestRequest, ending: string): string {
  if (ending !== ".jmx") return ending;
  return testType === "k6" ? ".js" : testType === "locust" ? ".py" : ending;
}

const mainPatterns: Readonly<Record<TestRequest["testType"], readonly RegExp[]>> = {
  simple: [],
  jmeter: [/\.jmx$/i],
  taurus: [/\.loadtest\.ya?ml$/i, /(^|\/)(bzt|taurus)\.ya?ml$/i, /\.(ya?ml|json)$/i],
  k6: [/\.(js|ts)$/i],
  locust: [/(^|\/)locustfile\.py$/i, /\.py$/i],
};

function openZip(request: TestRequest, testId: TestId, bytes: Uint8Array): Pick<UploadedFiles, "files" | "main"> {
  const reading = readZip(`${testId}.zip`, bytes);
  if (reading.problems !== undefined) {
    throw badFields(reading.problems.map(({ file, message }) => ({ field: file, message })));
  }
  const chosen = findMain(request, testId, [...reading.files.keys()]);
  const folder = posix.dirname(chosen);
  if (folder === ".") return { files: reading.files, main: chosen };
  // Scripts name their files from their own folder, which becomes the folder of the run.
  const inside = [...reading.files].filter(([path]) => path.startsWith(`${folder}/`));
  const files = new Map(inside.map(([path, content]) => [path.slice(folder.length + 1), content]));
  return { files, main: posix.basename(chosen) };
}

/** The script of a zip: the one that the test names, else the only one of its kind that is nearest to the top. */
function findMain(request: TestRequest, testId: TestId, paths: readonly string[]): string {
  const { testType } = request;
  const own = paths.find((path) => [testId, request.testId].includes(path.replace(/\.\w+$/, "")));
  const isMain = (pattern: RegExp): readonly string[] => paths.filter((path) => pattern.test(path));
  const fitting = mainPatterns[testType].map(isMain).find((found) => found.length > 0) ?? [];
  if (own !== undefined && fitting.includes(own)) return own;
  const depthOf = (path: string): number => path.split("/").length;
  const least = Math.min(...fitting.map(depthOf));
  const nearest = fitting.filter((path) => depthOf(path) === least);
  const [first] = nearest;
  if (first !== undefined && (nearest.length === 1 || namedBy(request, nearest) !== undefined)) {
    return namedBy(request, nearest) ?? first;
  }
  const kind = testType === "taurus" ? "Taurus file" : `script for ${testType}`;
  const message =
    first === undefined
      ? `The zip holds no ${kind}.`
      : `The zip holds several files that can be the ${kind}: ${nearest.slice(0, 5).join(", ")}; call the one that counts ${testId}${posix.extname(first)}.`;
  throw badFields([{ field: `${testId}.zip`, message }]);
}

/** The file that a scenario of the request names as its script. */
function namedBy({ testScenario }: TestRequest, paths: readonly string[]): string | undefined {
  const text = JSON.stringify(testScenario?.["scenarios"] ?? null);
  const named = paths.filter((path) => text.includes(JSON.stringify(path)));
  return named.length === 1 ? named[0] : undefined;
}
