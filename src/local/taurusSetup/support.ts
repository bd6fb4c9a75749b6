import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Type, type Static } from "typebox";
import { Value } from "typebox/value";

const Versions = Type.Object({
  bzt: Type.String(),
  jmeter: Type.String(),
  k6: Type.String(),
  locust: Type.String(),
  python: Type.Object({ from: Type.String(), below: Type.String() }),
  java: Type.Object({ from: Type.Integer() }),
});

/** The versions of every tool that a task may need, as `container/versions.json` pins them. */
export type Versions = Static<typeof Versions>;

/** Folder with what drives the tools: `taurus/` beside the bundles, `container/` of the repository beside the sources. */
export function supportFolder(): string {
  // Beside a program, beside the extension's folder or that of its chunks, or in the repository.
  const places = ["taurus/", "../taurus/", "../../taurus/", "../../../container/"];
  const found = places
    .map((place) => fileURLToPath(new URL(place, import.meta.url)))
    .find((place) => existsSync(join(place, "versions.json")));
  if (found === undefined) throw new Error("The folder with versions.json is not beside the program.");
  return found;
}

/** Reads the pinned versions. */
export function readVersions(): Versions {
  return Value.Parse(Versions, JSON.parse(readFileSync(join(supportFolder(), "versions.json"), "utf8")));
}

/** The user's folder for what can be fetched or built again. */
export function cacheFolder(env: Readonly<Record<string, string | undefined>> = process.env): string {
  return join(env["XDG_CACHE_HOME"] || join(homedir(), ".cache"), "loadfleet");
}
