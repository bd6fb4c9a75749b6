import { CodeBuildClient } from "@aws-sdk/client-codebuild";
import { ECRClient } from "@aws-sdk/client-ecr";
import { clientConfig } from "../aws/clients.ts";
import { makeDynamoClient } from "../aws/dynamoClient.ts";
import { DynamoLedger } from "../aws/dynamoLedger.ts";
import { makeImageSource } from "./ecrImages.ts";
import { readVariable } from "./environment.ts";
import { imageStep } from "./image.ts";
import { makeHandler } from "./invocation.ts";
import { lambdaClock } from "./lambdaClock.ts";
import { describeStep } from "./logLine.ts";
import { decodeMessage } from "./message.ts";

const ledger = new DynamoLedger({ client: makeDynamoClient({}), table: readVariable("table") });
const source = makeImageSource({
  ecr: new ECRClient(clientConfig({})),
  codeBuild: new CodeBuildClient(clientConfig({})),
  repository: readVariable("repository"),
  project: readVariable("buildProject"),
});

/** The function ecr-checker: waits for the image that tasks run. */
export const handler = makeHandler(
  "ecr-checker",
  decodeMessage,
  (message, { signal }) => imageStep(message, source, ledger, lambdaClock.now(), signal),
  describeStep,
);
