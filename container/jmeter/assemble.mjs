import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync } from "node:fs";
import { renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

// Puts a JMeter with its plugins together from Maven packages: node assemble.mjs [DEST] [--slim] [--write-checksums]
// The result is kept in the user's cache folder under a name made of everything that decides its content.

/** @typedef {{ jmeter: string, jmeterPlugins: Record<string, string>, mavenDependencyPlugin: string }} Versions */

const here = dirname(fileURLToPath(import.meta.url));
const checksumsPath = join(here, "jars.sha256");
const versionsText = readFileSync(join(here, "..", "versions.json"), "utf8");
/** @type {Versions} */
const versions = JSON.parse(versionsText);

// Without "core": the modules of JMeter's own distribution; their BOM pins what they need.
const modules = "bolt components config core ftp functions http java jdbc jms junit ldap mail mongodb native tcp".split(
  " ",
);

/** Beginnings of jars that only a window, or databases that hardly anybody tests, need; runs without a window were tried without. */
const dispensable = [
  "batik-",
  "commons-jvm-",
  "darklaf-",
  "datamodel-jvm-",
  "deprecated-in-v4-",
  "jcharts-",
  "kotlinx-coroutines-swing-",
  "lets-plot-",
  "miglayout-",
  "mongo-java-driver-",
  "neo4j-java-driver-",
  "platf-",
  "plot-",
  "rsyntaxtextarea-",
  "svgSalamander-",
  "swing-extensions-",
  "xmlgraphics-",
  "ApacheJMeter_bolt-",
  "ApacheJMeter_mongodb-",
];

/**
 * @typedef {{ slim: boolean, writesChecksums: boolean }} Options
 * @param {string | undefined} destination
 * @param {Options} options
 */
async function assemble(destination, options) {
  const cached = join(cacheFolder(), `jmeter-${keyOf(options)}`);
  if (!existsSync(cached)) await fillCache(cached, options);
  if (destination === undefined) return cached;
  mkdirSync(destination, { recursive: true });
  cpSync(cached, destination, { recursive: true, verbatimSymlinks: true });
  return destination;
}

/** @param {string} cached @param {Options} options */
async function fillCache(cached, options) {
  mkdirSync(dirname(cached), { recursive: true });
  const part = mkdtempSync(`${cached}.part-`);
  try {
    const jars = join(part, "jars");
    const plugins = Object.keys(versions.jmeterPlugins).length;
    process.stderr.write(`Fetching JMeter ${versions.jmeter} and ${plugins} plugins with Maven ...\n`);
    await fetchJars(part, jars);
    if (options.writesChecksums) writeFileSync(checksumsPath, checksumsOf(jars));
    verifyChecksums(jars);
    arrange(jars, join(part, "home"), options);
    renameSync(join(part, "home"), cached);
  } finally {
    rmSync(part, { recursive: true, force: true });
  }
}

/** @param {string} folder @param {string} jars */
async function fetchJars(folder, jars) {
  const pom = join(folder, "pom.xml");
  writeFileSync(pom, makePom());
  const plugin = `org.apache.maven.plugins:maven-dependency-plugin:${versions.mavenDependencyPlugin}`;
  await maven(pom, `${plugin}:copy-dependencies`, `-DoutputDirectory=${jars}`, "-DincludeScope=runtime");
  // What the config jar holds under bin/ belongs into the folder of that name.
  const config = ["-DincludeArtifactIds=ApacheJMeter_config", "-Dmdep.unpack.includes=bin/**"];
  await maven(pom, `${plugin}:unpack-dependencies`, ...config, `-DoutputDirectory=${join(folder, "home")}`);
}

/** @param {string} pom @param {string[]} args */
async function maven(pom, ...args) {
  const program = process.platform === "win32" ? "mvn.cmd" : "mvn";
  const flags = ["--quiet", "--batch-mode", "--strict-checksums", "--file", pom];
  const child = execFile(program, [...flags, ...args], { shell: process.platform === "win32" });
  let output = "";
  child.stdout?.on("data", (text) => (output += text));
  child.stderr?.on("data", (text) => (output += text));
  const [code] = await once(child, "close");
  if (code === 0) return;
  const lines = output
    .split("\n")
    .filter((line) => line.includes("ERROR"))
    .slice(0, 3);
  throw new Error(`Maven could not fetch JMeter's packages. ${lines.join(" ")}`.trim());
}

function makePom() {
  const dependency = (/** @type {string} */ name, /** @type {string} */ version, rest = "") => {
    const [group, artifact] = name.split(":");
    return `<dependency><groupId>${group}</groupId><artifactId>${artifact}</artifactId><version>${version}</version>${rest}</dependency>`;
  };
  const own = ["ApacheJMeter", ...modules.map((module) => `ApacheJMeter_${module}`)];
  return `<project xmlns="http://maven.apache.org/POM/4.0.0">
<modelVersion>4.0.0</modelVersion><groupId>loadfleet</groupId><artifactId>jmeter</artifactId><version>1</version><packaging>pom</packaging>
<dependencyManagement><dependencies>
${dependency("org.apache.jmeter:ApacheJMeter_bom-thirdparty", versions.jmeter, "<type>pom</type><scope>import</scope>")}
</dependencies></dependencyManagement>
<dependencies>
${own.map((name) => dependency(`org.apache.jmeter:${name}`, versions.jmeter)).join("\n")}
${Object.entries(versions.jmeterPlugins)
  .map(([name, version]) => dependency(name, version))
  .join("\n")}
</dependencies>
</project>
`;
}

/** @param {string} jars */
function checksumsOf(jars) {
  const lines = readdirSync(jars)
    .toSorted()
    .map((name) => `${sha256(readFileSync(join(jars, name)))}  ${name}\n`);
  return lines.join("");
}

/** @param {string} jars */
function verifyChecksums(jars) {
  const found = new Set(checksumsOf(jars).split("\n"));
  const expected = new Set(readFileSync(checksumsPath, "utf8").split("\n"));
  const wrong = [...found.symmetricDifference(expected)].map((line) => line.slice(66));
  if (wrong.length === 0) return;
  throw new Error(`What Maven fetched is not what was pinned: ${[...new Set(wrong)].join(", ")} (see jars.sha256).`);
}

/** @param {string} jars @param {string} home @param {Options} options */
function arrange(jars, home, { slim }) {
  for (const folder of ["bin", "lib/ext", "lib/junit"]) mkdirSync(join(home, folder), { recursive: true });
  for (const name of readdirSync(jars)) {
    if (name.startsWith("ApacheJMeter_config-") || (slim && dispensable.some((start) => name.startsWith(start))))
      continue;
    renameSync(join(jars, name), join(home, placeOf(name)));
  }
  if (slim) rmSync(join(home, "bin", "report-template"), { recursive: true, force: true });
  const script = readFileSync(join(here, "jmeter.sh"), "utf8").replace("@version@", versions.jmeter);
  writeFileSync(join(home, "bin", "jmeter"), script);
  chmodSync(join(home, "bin", "jmeter"), 0o755);
  // Taurus looks for this name when it is given a folder.
  symlinkSync("jmeter", join(home, "bin", "jmeter.sh"));
}

/** JMeter's launcher finds lib/ and lib/ext/ beside bin/; components are looked for in lib/ext/ only. @param {string} name */
function placeOf(name) {
  if (name === `ApacheJMeter-${versions.jmeter}.jar`) return "bin/ApacheJMeter.jar";
  return /^(ApacheJMeter_|jmeter-)/.test(name) ? `lib/ext/${name}` : `lib/${name}`;
}

/** @param {Options} options */
function keyOf({ slim }) {
  const parts = [versionsText, readFileSync(checksumsPath, "utf8"), readFileSync(join(here, "jmeter.sh"), "utf8")];
  const own = readFileSync(fileURLToPath(import.meta.url), "utf8");
  return `${versions.jmeter}-${sha256([...parts, own].join("\0")).slice(0, 12)}${slim ? "-slim" : ""}`;
}

/** @param {string | Uint8Array} content */
function sha256(content) {
  return createHash("sha256").update(content).digest("hex");
}

function cacheFolder() {
  return join(process.env["XDG_CACHE_HOME"] || join(homedir(), ".cache"), "loadfleet");
}

const [destination] = process.argv.slice(2).filter((argument) => !argument.startsWith("--"));
try {
  const options = {
    slim: process.argv.includes("--slim"),
    writesChecksums: process.argv.includes("--write-checksums"),
  };
  process.stdout.write(`${await assemble(destination, options)}\n`);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
