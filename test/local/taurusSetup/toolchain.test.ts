import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { strToU8, zipSync } from "fflate";
import { afterEach, describe, expect, test, vi } from "vitest";
import { removeTaurus } from "../../../src/local/taurusSetup/setup.ts";
import { findManaged, findToolchain, hasToolchain, managedFolder } from "../../../src/local/taurusSetup/toolchain.ts";
import { openFolder, type Files } from "../../generator/runs.ts";

const core = Buffer.from(zipSync({ "META-INF/MANIFEST.MF": strToU8("Implementation-Version: 5.6.2\r\n") }));
const jmeter: Files = { "jmeter/lib/ext/ApacheJMeter_core.jar": core };
const java: Files = { "java/bin/java": "#!/bin/sh\necho 'openjdk version \"21.0.1\"' >&2\n" };

/** A bzt whose Python says that it is of this version. */
const bzt = (folder: string, version: string): Files => ({
  "bin/bzt": `#!${folder}/bin/python\n`,
  "bin/python": `#!/bin/sh\necho ${version} 3.12.1\n`,
});

function write(folder: string, files: Files): void {
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
    chmodSync(join(folder, name), 0o755);
  }
}

/** Describes a set-up whose parts are in the folder. */
function description(folder: string): string {
  const versions = { bzt: "1.17.2", jmeter: "5.6.3", python: "3.11.7", java: "17.0.1" };
  return JSON.stringify({ python: `${folder}/bin/python`, jmeterHome: `${folder}/jmeter`, versions });
}

afterEach(() => {
  vi.unstubAllEnvs();
});

describe.skipIf(process.platform === "win32")("the Taurus that is used is", () => {
  test("what the environment describes, before all others", async () => {
    using folder = openFolder({});
    write(folder.path, { ...jmeter, ...bzt(folder.path, "1.17.9"), "image.json": description(folder.path) });
    const env = { LOADFLEET_TAURUS: join(folder.path, "image.json"), PATH: join(folder.path, "bin") };
    expect(await findToolchain(env)).toMatchObject({ from: "image", versions: { bzt: "1.17.2" } });
  });

  test("the person's own bzt with the JMeter of JMETER_HOME", async () => {
    using folder = openFolder({});
    write(folder.path, { ...jmeter, ...java, ...bzt(folder.path, "1.17.9") });
    const env = {
      PATH: join(folder.path, "bin"),
      JMETER_HOME: join(folder.path, "jmeter"),
      JAVA_HOME: join(folder.path, "java"),
      XDG_CACHE_HOME: folder.path,
    };
    expect(await findToolchain(env)).toMatchObject({
      from: "path",
      python: join(folder.path, "bin/python"),
      jmeterHome: join(folder.path, "jmeter"),
      versions: { bzt: "1.17.9", jmeter: "5.6.2", java: "21.0.1", python: "3.12.1" },
    });
  });

  test("the managed one when the person's own is of another version", async () => {
    using folder = openFolder({});
    const env = { PATH: join(folder.path, "bin"), JAVA_HOME: join(folder.path, "java"), XDG_CACHE_HOME: folder.path };
    write(folder.path, { ...jmeter, ...java, ...bzt(folder.path, "1.16.50") });
    write(managedFolder(env), { "taurus.json": description(folder.path) });
    expect(await findToolchain(env)).toMatchObject({ from: "managed", versions: { bzt: "1.17.2" } });
  });

  test("none when there is none, with the next step", async () => {
    using folder = openFolder({});
    const env = { PATH: "", XDG_CACHE_HOME: folder.path };
    expect(await hasToolchain(env)).toBe(false);
    const hint = expect.stringContaining("loadfleet setup taurus");
    await expect(findToolchain(env)).rejects.toMatchObject({ code: "taurus-missing", kind: "environment", hint });
  });

  test("not a set-up whose parts are gone", async () => {
    using folder = openFolder({});
    const env = { XDG_CACHE_HOME: folder.path };
    write(managedFolder(env), { "taurus.json": description("/nowhere") });
    expect(await findManaged(env)).toBeUndefined();
  });
});

test("removing takes every set-up out of the cache folder and nothing else", async () => {
  using folder = openFolder({ "loadfleet/taurus-1/x": "", "loadfleet/jmeter-5/x": "", "loadfleet/browser/x": "" });
  vi.stubEnv("XDG_CACHE_HOME", folder.path);
  expect(await removeTaurus()).toEqual(["jmeter-5", "taurus-1"].map((name) => join(folder.path, "loadfleet", name)));
  expect(await removeTaurus()).toEqual([]);
});
