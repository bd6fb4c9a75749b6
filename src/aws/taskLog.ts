import { CloudWatchLogsClient, GetLogEventsCommand } from "@aws-sdk/client-cloudwatch-logs";
import type { LogTail } from "../core/panel/protocol.ts";
import { containerName, logStreamPrefix } from "../core/stack/names.ts";
import { awsError, isNamed } from "./awsErrors.ts";
import { clientConfig, type Connection } from "./clients.ts";

const mostEvents = 1000;

/**
 * Reads the log of a task from CloudWatch; empty while there is none.
 * @param from instant to read on from (epoch ms); undefined begins with the newest lines
 */
export async function readTaskLog(
  taskArn: string,
  logGroup: string,
  from: number | undefined,
  connection: Connection,
  signal: AbortSignal,
): Promise<LogTail> {
  const client = new CloudWatchLogsClient(clientConfig(connection));
  const id = taskArn.split("/").at(-1) ?? "";
  try {
    const { events = [] } = await client.send(
      new GetLogEventsCommand({
        logGroupName: logGroup,
        logStreamName: `${logStreamPrefix}/${containerName}/${id}`,
        limit: mostEvents,
        startFromHead: from !== undefined,
        ...(from === undefined ? {} : { startTime: from }),
      }),
      { abortSignal: signal },
    );
    const last = events.at(-1)?.timestamp;
    return {
      text: events.map(({ message }) => `${message ?? ""}\n`).join(""),
      next: last === undefined ? (from ?? 0) : last + 1,
      isCut: from === undefined ? events.length === mostEvents : from > 0,
    };
  } catch (error) {
    // A task has no stream before its first line.
    if (isNamed(error, "ResourceNotFoundException")) return { text: "", next: from ?? 0, isCut: false };
    throw awsError(error, "read the log of the task");
  } finally {
    client.destroy();
  }
}
