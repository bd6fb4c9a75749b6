import { createServer } from "node:http";
import { afterAll, beforeAll, expect, it } from "vitest";
import { UserError } from "../../src/core/errors.ts";
import type { DeployedStack } from "../../src/deploy/deployedStack.ts";
import { updateImage } from "../../src/deploy/image.ts";
import { finish } from "../../src/deploy/progress.ts";
import { openTarget } from "../../src/deploy/target.ts";
import { systemClock } from "../../src/local/systemClock.ts";

// The emulator's builds always succeed: these are the answers of AWS for one that does not.
const failed = {
  id: "build:2",
  buildNumber: 2,
  buildStatus: "FAILED",
  currentPhase: "COMPLETED",
  startTime: 1795546687,
  endTime: 1795546747,
  phases: [
    { phaseType: "INSTALL", phaseStatus: "SUCCEEDED" },
    {
      phaseType: "BUILD",
      phaseStatus: "FAILED",
      contexts: [
        {
          statusCode: "COMMAND_EXECUTION_ERROR",
          message: "Error while executing command: docker build. Reason: exit status 1",
        },
      ],
    },
  ],
  logs: { groupName: "/loadfleet/loadfleet/image", streamName: "one" },
};
let uploads = 0;
const answers: Readonly<Record<string, () => object>> = {
  "CodeBuild_20161006.ListBuildsForProject": () => ({ ids: uploads === 0 ? ["build:1"] : ["build:2", "build:1"] }),
  "CodeBuild_20161006.BatchGetBuilds": () => ({
    builds: [{ id: "build:1", buildNumber: 1, buildStatus: "SUCCEEDED" }, ...(uploads === 0 ? [] : [failed])],
  }),
  "Logs_20140328.GetLogEvents": () => ({ events: [{ message: "no space left on device\n" }] }),
};
const server = createServer((request, response) => {
  request.resume().on("end", () => {
    const answer = answers[String(request.headers["x-amz-target"])];
    if (request.method === "PUT") uploads++;
    if (answer !== undefined) response.setHeader("content-type", "application/x-amz-json-1.1");
    response.end(answer === undefined ? identity : JSON.stringify(answer()));
  });
});
const identity =
  "<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>arn:aws:iam::1:root</Arn><Account>1</Account></GetCallerIdentityResult></GetCallerIdentityResponse>";

beforeAll(() => new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve)));
afterAll(() => {
  server.close();
  server.closeAllConnections();
});

const stack: DeployedStack = {
  name: "loadfleet",
  id: "arn",
  status: "UPDATE_COMPLETE",
  statusReason: undefined,
  isOurs: true,
  version: "0.1.0",
  outputs: { ScenariosBucketName: "files", BuildProjectName: "build", RepositoryName: "images" },
  parameters: {},
  createdAtMs: 0,
  changedAtMs: 0,
  drift: "NOT_CHECKED",
};

it("says why a build of the image failed, with the end of its log", async () => {
  const { signal } = new AbortController();
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The server has no port.");
  const connection = {
    region: "eu-west-1",
    endpoint: `http://127.0.0.1:${address.port}`,
    credentials: async () => ({ accessKeyId: "id", secretAccessKey: "secret" }),
  };
  const target = await openTarget(connection, "loadfleet", { clock: systemClock, pollMs: 1 }, signal);
  const work = updateImage(target, stack, new Uint8Array(3), signal);
  const error: unknown = await finish(work, () => undefined).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(UserError);
  expect(error).toMatchObject({
    code: "image-build-failed",
    message:
      "The build build:2 of the image failed: BUILD: Error while executing command: docker build. Reason: exit status 1\nno space left on device",
  });
});
