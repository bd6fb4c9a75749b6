import { mkdir } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { UserError } from "../core/errors.ts";

/** The per-user folder for runs on this machine; the environment variable LOADFLEET_HOME names another one. */
export function dataFolder(
  env: Readonly<Record<string, string | undefined>> = process.env,
  platform: NodeJS.Platform = process.platform,
  home: string = homedir(),
): string {
  if (env["LOADFLEET_HOME"]) return env["LOADFLEET_HOME"];
  if (platform === "win32") return join(env["LOCALAPPDATA"] ?? join(home, "AppData", "Local"), "loadfleet");
  if (platform === "darwin") return join(home, "Library", "Application Support", "loadfleet");
  return join(env["XDG_DATA_HOME"] || join(home, ".local", "share"), "loadfleet");
}

/** Makes the data folder, readable by its owner only: plans hold the variables of runs. @throws {UserError} `data-folder` */
export async function ensureDataFolder(root: string): Promise<void> {
  try {
    await mkdir(root, { recursive: true, mode: 0o700 });
  } catch (cause) {
    throw new UserError("data-folder", `Could not create the data folder ${root}.`, {
      kind: "environment",
      hint: "Set LOADFLEET_HOME to a folder that you may write to.",
      cause,
    });
  }
}
