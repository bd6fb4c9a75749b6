import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { clientConfig, type Connection } from "./clients.ts";

/** Makes a client of DynamoDB. */
export function makeDynamoClient(connection: Connection): DynamoDBClient {
  return new DynamoDBClient(clientConfig(connection));
}
