import { UserError } from "../core/errors.ts";
import { findImage } from "./enginePlace.ts";
import { askVersion, compareVersions } from "./taurusSetup/program.ts";
import { readVersions } from "./taurusSetup/support.ts";
import { findToolchain, javaVersion, type Toolchain } from "./taurusSetup/toolchain.ts";

/** A program that Loadfleet can use on this machine. */
export interface Finding {
  readonly name: string;
  /** What it is used for. */
  readonly use: string;
  /** Undefined when it is not there. */
  readonly version: string | undefined;
  /** Where it comes from, when that is not PATH. */
  readonly from?: string;
  /** `old`: there, but of a version that is too old. */
  readonly state: "there" | "old" | "missing";
  /** How to get it; undefined when it is there. */
  readonly hint?: string;
}

interface Wanted {
  readonly name: string;
  readonly use: string;
  readonly version: Promise<string | undefined>;
  readonly from?: string;
  readonly atLeast?: string;
  readonly hint: string;
}

/** What is on a machine, and what a run would take of it. */
export interface Examination {
  readonly tools: readonly Finding[];
  /** What a run that needs Taurus uses: what LOADFLEET_TAURUS names, bzt on PATH, the managed set-up or the image; `none` is there otherwise. */
  readonly taurus: Toolchain["from"] | "container" | "none";
  /** The same in one sentence. */
  readonly taurusSentence: string;
}

/** Looks for every program that a run on this machine may need. */
export async function examineMachine(): Promise<Examination> {
  const taurus = await findToolchainOrNothing();
  return { tools: await findTools(taurus), ...(await describeTaurus(taurus)) };
}

async function describeTaurus(found: Toolchain | undefined): Promise<Pick<Examination, "taurus" | "taurusSentence">> {
  const begin = "A run that needs Taurus uses";
  if (found !== undefined) {
    const places = { image: "what LOADFLEET_TAURUS names", path: "bzt on PATH", managed: "`loadfleet setup taurus`" };
    const { bzt = "", jmeter = "" } = found.versions;
    const taurusSentence = `${begin} ${places[found.from]}: Taurus ${bzt} with JMeter ${jmeter}.`;
    return { taurus: found.from, taurusSentence };
  }
  const image = await findImage();
  if (image !== undefined) {
    return { taurus: "container", taurusSentence: `${begin} the image ${image.image} through ${image.program}.` };
  }
  const taurusSentence = "A run that needs Taurus cannot start: there is neither Taurus nor the image.";
  return { taurus: "none", taurusSentence };
}

async function findTools(taurus: Toolchain | undefined): Promise<readonly Finding[]> {
  const { java, k6, python } = readVersions();
  const setUp = "Run `loadfleet setup taurus`.";
  const managed = taurus?.from === "managed" ? { from: "loadfleet setup taurus" } : {};
  const wanted: readonly Wanted[] = [
    {
      name: "Node",
      use: "runs Loadfleet and the embedded generator",
      version: Promise.resolve(process.versions.node),
      atLeast: "22.19",
      hint: "Install Node 24.",
    },
    {
      name: "Taurus",
      use: "runs what the embedded generator cannot",
      version: Promise.resolve(taurus?.versions["bzt"]),
      ...managed,
      hint: setUp,
    },
    {
      name: "JMeter",
      use: "runs JMX and scenarios under Taurus",
      version: Promise.resolve(taurus?.versions["jmeter"]),
      ...managed,
      hint: setUp,
    },
    {
      name: "Java",
      use: "runs JMeter",
      version: javaVersion(),
      atLeast: String(java.from),
      hint: `Install Java ${java.from} or newer, on Debian: apt-get install openjdk-${java.from}-jre-headless.`,
    },
    {
      name: "Python",
      use: "runs Taurus and Locust",
      version: askVersion("python3"),
      atLeast: python.from,
      hint: `Install Python ${python.from} or newer, on Debian: apt-get install python3 python3-venv.`,
    },
    {
      name: "Maven",
      use: "fetches JMeter for the set-up",
      version: askVersion("mvn"),
      hint: "Install Maven, on Debian: apt-get install maven.",
    },
    { name: "k6", use: "runs k6 scripts", version: askVersion("k6", ["version"]), hint: `Install k6 ${k6}.` },
    {
      name: "Docker",
      use: "runs tasks in containers",
      version: askVersion("docker"),
      hint: "Install Docker, or Podman.",
    },
    {
      name: "Podman",
      use: "runs tasks in containers",
      version: askVersion("podman"),
      hint: "Install Podman, or Docker.",
    },
    { name: "Git", use: "notes the commit of a run", version: askVersion("git"), hint: "Install Git." },
  ];
  return Promise.all(wanted.map(judge));
}

async function judge({ version: asked, atLeast, hint, ...rest }: Wanted): Promise<Finding> {
  const version = await asked;
  if (version === undefined) return { ...rest, version, state: "missing", hint };
  const isOld = atLeast !== undefined && compareVersions(version, atLeast) < 0;
  return isOld ? { ...rest, version, state: "old", hint } : { ...rest, version, state: "there" };
}

async function findToolchainOrNothing() {
  try {
    return await findToolchain();
  } catch (error) {
    if (error instanceof UserError) return undefined;
    throw error;
  }
}
