import { globSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { zipSync } from "fflate";
import { root } from "./script.mjs";
import { formatImageNotices } from "./writeNotices.mjs";

/** Files of the repository that the image's context holds, by their place in it; folders end in `/`. */
const packed = {
  Dockerfile: "container/Dockerfile",
  "fetch/fetch.mjs": "container/fetch.mjs",
  "fetch/versions.json": "container/versions.json",
  "fetch/jmeter/": "container/jmeter/",
  "requirements/taurus.txt": "container/reporter/requirements.txt",
  "requirements/locust.txt": "container/locust/requirements.txt",
  "agent/describe.py": "container/describe.py",
  "agent/agent.mjs": "dist/agent.mjs",
  "agent/agent/": "dist/agent/",
  "agent/taurus/": "dist/taurus/",
  "notices/NOTICES.txt": "container/NOTICES.txt",
};

/** Every file of the context by its place in it, sorted: the same sources give the same bytes. @returns {[string, Uint8Array][]} */
export function readContext() {
  const read = (/** @type {string} */ path) => new Uint8Array(readFileSync(join(root, path)));
  /** @type {[string, Uint8Array][]} */
  const files = Object.entries(packed).flatMap(([place, source]) =>
    source.endsWith("/")
      ? filesBelow(source).map((path) => [place + path, read(source + path)])
      : [[place, read(source)]],
  );
  files.push(["notices/javascript.txt", new TextEncoder().encode(formatImageNotices())]);
  return files.toSorted(([a], [b]) => (a < b ? -1 : 1));
}

/** @param {string} folder */
function filesBelow(folder) {
  const files = globSync("**/*.*", { cwd: join(root, folder) });
  return files.map((path) => path.replaceAll("\\", "/")).filter((path) => !path.includes("__pycache__"));
}

/** Puts the files of the image's context into a folder. @param {string} folder */
export function writeContext(folder) {
  for (const [place, bytes] of readContext()) {
    mkdirSync(dirname(join(folder, place)), { recursive: true });
    writeFileSync(join(folder, place), bytes);
  }
}

/** The container zip: the context that CodeBuild completes and builds. */
export function packContainer() {
  return zipSync(Object.fromEntries(readContext()), { level: 9, mtime: "2026-01-01T00:00:00" });
}
