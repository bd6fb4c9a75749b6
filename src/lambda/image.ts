import { UserError } from "../core/errors.ts";
import { instantOfRunId } from "../core/run/ids.ts";
import type { StepMessage } from "../core/stack/names.ts";
import type { Ledger } from "../fleet/ports.ts";
import { answer, type Message } from "./message.ts";

/** The newest build of the stack's image. */
export interface ImageBuild {
  readonly id: string;
  /** As CodeBuild says it: `IN_PROGRESS`, `SUCCEEDED`, `FAILED`, `FAULT`, `TIMED_OUT`, `STOPPED`. */
  readonly status: string;
  /** The phase in which it failed and why, verbatim, when it did. */
  readonly reason: string | undefined;
}

/** An image of the stack's repository. */
export interface StoredImage {
  readonly tags: readonly string[];
  readonly pushedAtMs: number;
}

/** What is known of the image that tasks run. */
export interface ImageSource {
  newestBuild(signal: AbortSignal): Promise<ImageBuild | undefined>;
  images(signal: AbortSignal): Promise<readonly StoredImage[]>;
}

/** How long after its submission a run waits for the first build of a new stack to begin. */
const firstBuildMs = 10 * 60_000;
const hint = `See the build with "loadfleet status", or upload a container again with "loadfleet image update ZIP".`;

/**
 * Tells whether tasks can be launched from the image: `ready`, or `wait` while it is being built.
 * @param waitedMs since the run was submitted
 * @throws {UserError} `image-build-failed`, `image-missing`, `image-not-latest`
 */
export async function checkImage(
  source: ImageSource,
  waitedMs: number,
  signal: AbortSignal,
): Promise<"ready" | "wait"> {
  const build = await source.newestBuild(signal);
  if (build?.status === "IN_PROGRESS") return "wait";
  if (build !== undefined && build.status !== "SUCCEEDED") throw buildFailed(build);
  const newest = newestOf(await source.images(signal));
  if (newest === undefined) {
    // The pipeline of a new stack takes a moment until it begins the first build.
    if (build === undefined && waitedMs < firstBuildMs) return "wait";
    throw new UserError("image-missing", "There is no image to run tasks from, and none is being built.", {
      hint,
      kind: "environment",
    });
  }
  if (newest.tags.includes("latest")) return "ready";
  throw new UserError(
    "image-not-latest",
    `The newest image (${newest.tags.join(", ") || "without a tag"}) is not the one tagged "latest".`,
    { hint: `Push it again with the tag "latest", or delete it from the repository.`, kind: "environment" },
  );
}

const waitSeconds = 60;

/** Step of ecr-checker: waits for the image, and goes on when it is there or when the run is to be stopped anyway. */
export async function imageStep(
  message: Message,
  source: ImageSource,
  ledger: Pick<Ledger, "getStop">,
  now: number,
  signal: AbortSignal,
): Promise<StepMessage> {
  // A person need not wait for a build to see the run cancelled; the next step does it.
  if ((await ledger.getStop(message.runId, signal)) !== undefined) return answer(message, "start");
  const image = await checkImage(source, now - instantOfRunId(message.runId), signal);
  return image === "ready" ? answer(message, "start") : answer(message, "wait", { waitSeconds });
}

function newestOf(images: readonly StoredImage[]): StoredImage | undefined {
  // The parts of an image for several platforms are pushed with it and have no tag of their own.
  return images.toSorted((a, b) => b.pushedAtMs - a.pushedAtMs || b.tags.length - a.tags.length)[0];
}

function buildFailed({ id, status, reason }: ImageBuild): UserError {
  const how = status.toLowerCase().replaceAll("_", " ");
  const why = reason === undefined ? "" : ` ${reason.replace(/\.?$/, ".")}`;
  return new UserError("image-build-failed", `The newest build of the image (${id}) ended as "${how}".${why}`, {
    hint,
    kind: "environment",
  });
}
