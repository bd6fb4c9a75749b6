import { SFNClient } from "@aws-sdk/client-sfn";
import { clientConfig, type Connection } from "./clients.ts";

/** Makes a client of Step Functions. */
export function makeStepFunctionsClient(connection: Connection): SFNClient {
  return new SFNClient(clientConfig(connection));
}
