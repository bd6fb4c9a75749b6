import { readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";

/** The settings of one profile by their names in the file. */
export type Profile = Readonly<Record<string, string>>;

type Environment = Readonly<Record<string, string | undefined>>;

/** Reads the profiles of this machine's AWS files, the credentials file winning as for every SDK; none when there are no files. */
export async function readProfiles(env: Environment): Promise<ReadonlyMap<string, Profile>> {
  const folder = join(homedir(), ".aws");
  const config = await readText(env["AWS_CONFIG_FILE"] ?? join(folder, "config"));
  const credentials = await readText(env["AWS_SHARED_CREDENTIALS_FILE"] ?? join(folder, "credentials"));
  const profiles = new Map<string, Profile>();
  const add = (name: string, settings: Profile): void => {
    profiles.set(name, { ...profiles.get(name), ...settings });
  };
  for (const [section, settings] of readSections(config)) {
    const name = section === "default" ? section : /^profile\s+(.+)$/.exec(section)?.[1];
    if (name !== undefined) add(name.replace(/^(["'])(.*)\1$/, "$2"), settings);
  }
  for (const [section, settings] of readSections(credentials)) add(section, settings);
  return profiles;
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return "";
    throw error;
  }
}

function readSections(text: string): readonly (readonly [string, Profile])[] {
  const sections: [string, Record<string, string>][] = [];
  for (const line of text.split(/\r?\n/)) {
    const section = /^\s*\[([^\]]+)\]/.exec(line)?.[1];
    if (section !== undefined) sections.push([section.trim(), {}]);
    // Settings within a setting are indented, and none of them is used here.
    const [, name, value = ""] = /^([^\s#;=[][^=]*?)\s*=\s*(.*?)(?:\s+[#;].*)?$/.exec(line) ?? [];
    const settings = sections.at(-1)?.[1];
    if (name !== undefined && settings !== undefined) settings[name] = value.trim();
  }
  return sections;
}
