import { isNamed } from "../aws/awsErrors.ts";
import { UserError } from "../core/errors.ts";

const names = [
  "ClusterNotFoundException",
  "NoSuchBucket",
  "NotFound",
  "RepositoryNotFoundException",
  "ResourceNotFoundException",
  "StateMachineDoesNotExist",
  "StateMachineDeleting",
];

/** Tells whether a call failed because what it asked about is not there. */
export function isGone(error: unknown): boolean {
  return isNamed(error, ...names) || (error instanceof UserError && isGone(error.cause));
}

/** Waits for a call about something that may not be there any more; undefined then. */
export async function unlessGone<T>(call: Promise<T>): Promise<T | undefined> {
  try {
    return await call;
  } catch (error) {
    if (isGone(error)) return undefined;
    throw error;
  }
}
