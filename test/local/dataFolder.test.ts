import { join } from "node:path";
import { expect, test } from "vitest";
import { dataFolder, ensureDataFolder } from "../../src/local/dataFolder.ts";

test.each<[string, Record<string, string>, NodeJS.Platform, string]>([
  ["the one that is asked for", { LOADFLEET_HOME: "/data" }, "linux", "/data"],
  ["XDG's", { XDG_DATA_HOME: "/xdg" }, "linux", join("/xdg", "loadfleet")],
  ["the default of XDG", {}, "linux", join("/home/me", ".local", "share", "loadfleet")],
  [
    "the default of XDG for an empty variable",
    { XDG_DATA_HOME: "" },
    "linux",
    join("/home/me", ".local", "share", "loadfleet"),
  ],
  ["Apple's", {}, "darwin", join("/home/me", "Library", "Application Support", "loadfleet")],
  ["Windows'", { LOCALAPPDATA: "/local" }, "win32", join("/local", "loadfleet")],
])("runs are kept in %s", (_name, env, platform, folder) => {
  expect(dataFolder(env, platform, "/home/me")).toBe(folder);
});

test("a folder that cannot be made is refused with the next step", async () => {
  await expect(ensureDataFolder(join(process.execPath, "below"))).rejects.toMatchObject({
    code: "data-folder",
    hint: expect.stringContaining("LOADFLEET_HOME"),
  });
});
