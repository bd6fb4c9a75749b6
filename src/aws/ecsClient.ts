import { ECSClient } from "@aws-sdk/client-ecs";
import { clientConfig, type Connection } from "./clients.ts";

/** Makes a client of ECS. */
export function makeEcsClient(connection: Connection): ECSClient {
  return new ECSClient(clientConfig(connection));
}
