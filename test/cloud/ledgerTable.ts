import { CreateTableCommand, type DynamoDBClient } from "@aws-sdk/client-dynamodb";

let tables = 0;

/** Creates a table as the template does; gives its name. */
export async function createTable(client: DynamoDBClient): Promise<string> {
  const name = `ledger-${tables++}`;
  const text = (AttributeName: string) => ({ AttributeName, AttributeType: "S" as const });
  const index = (IndexName: string, partition: string) => ({
    IndexName,
    KeySchema: [
      { AttributeName: partition, KeyType: "HASH" as const },
      { AttributeName: "runId", KeyType: "RANGE" as const },
    ],
    Projection: { ProjectionType: "INCLUDE" as const, NonKeyAttributes: ["record"] },
  });
  await client.send(
    new CreateTableCommand({
      TableName: name,
      BillingMode: "PAY_PER_REQUEST",
      AttributeDefinitions: ["pk", "sk", "testId", "month", "runId"].map(text),
      KeySchema: [
        { AttributeName: "pk", KeyType: "HASH" },
        { AttributeName: "sk", KeyType: "RANGE" },
      ],
      GlobalSecondaryIndexes: [index("byTest", "testId"), index("byMonth", "month")],
    }),
  );
  return name;
}
