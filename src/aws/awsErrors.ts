import { UserError } from "../core/errors.ts";

/** Tells whether a failed call failed with one of these errors of the service. */
export function isNamed(error: unknown, ...names: readonly string[]): boolean {
  return error instanceof Error && names.includes(error.name);
}

/** Waits for a call to AWS. @throws what {@link awsError} makes of its failure */
export async function explain<T>(doing: string, call: Promise<T>): Promise<T> {
  try {
    return await call;
  } catch (error) {
    throw awsError(error, doing);
  }
}

/** A sort of failure: the code, why in words, and the next step. */
interface Cause {
  readonly code: string;
  readonly names: readonly string[];
  readonly why: string;
  readonly hint: string;
}

const renew =
  'Renew them ("aws sso login", with --profile for a profile of yours, or new keys in the environment), then do it again.';

const causes: readonly Cause[] = [
  {
    code: "aws-credentials-expired",
    names: ["ExpiredToken", "ExpiredTokenException", "RequestExpired", "TokenRefreshRequired"],
    why: "the credentials have expired.",
    hint: renew,
  },
  {
    code: "aws-credentials-refused",
    names: [
      "UnrecognizedClientException",
      "InvalidClientTokenId",
      "InvalidAccessKeyId",
      "SignatureDoesNotMatch",
      "InvalidSignatureException",
      "IncompleteSignature",
      "AuthFailure",
    ],
    why: "AWS does not accept the credentials.",
    hint: 'See whom they belong to with "aws sts get-caller-identity", and whether the clock of this machine is right.',
  },
  {
    code: "aws-no-credentials",
    names: ["CredentialsProviderError", "TokenProviderError", "ProviderError"],
    why: "no credentials were found.",
    hint: 'Name a profile with --profile or AWS_PROFILE; "aws configure sso" makes one.',
  },
  {
    code: "aws-denied",
    names: ["AccessDenied", "AccessDeniedException", "UnauthorizedOperation", "NotAuthorized", "Forbidden"],
    why: "AWS refuses it to these credentials.",
    hint: "Attach the stack's read, run or admin policy to the user or role; docs/aws.md names them, docs/deploy.md what deploying needs.",
  },
  {
    code: "aws-not-there",
    names: [
      "NoSuchBucket",
      "ResourceNotFoundException",
      "ClusterNotFoundException",
      "StateMachineDoesNotExist",
      "RepositoryNotFoundException",
    ],
    why: "what it needs is not there.",
    hint: 'See what is deployed with "loadfleet status"; "loadfleet deploy" brings the stack up to date.',
  },
  {
    code: "aws-throttled",
    names: [
      "ThrottlingException",
      "Throttling",
      "TooManyRequestsException",
      "RequestLimitExceeded",
      "ProvisionedThroughputExceededException",
      "SlowDown",
      "LimitExceededException",
    ],
    why: "AWS asks for fewer calls, even after several attempts.",
    hint: "Wait a minute and do it again; other programs of the account may share the limit.",
  },
  {
    code: "aws-unreachable",
    names: ["TimeoutError", "NetworkingError", "ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "ECONNRESET", "ETIMEDOUT"],
    why: "AWS cannot be reached.",
    hint: "Look at the network, the proxy, the region, and AWS_ENDPOINT_URL if it is set.",
  },
  {
    code: "aws-no-region",
    names: ["Region is missing"],
    why: "no region is known.",
    hint: "Name one with --region, AWS_REGION or in the profile.",
  },
];

/**
 * Makes a sentence of what a call to AWS failed with; user errors and aborted calls stay what they are.
 * @param doing what failed, after "Could not": `read the runs of the stack`
 */
export function awsError(error: unknown, doing: string): Error {
  if (!(error instanceof Error)) return new Error(`Could not ${doing}: ${String(error)}`);
  if (error instanceof UserError || error.name === "AbortError") return error;
  const marks = [error.name, error.message, ...("code" in error ? [String(error.code)] : [])];
  const found = causes.find(({ names }) => names.some((name) => marks.includes(name)));
  if (found !== undefined) {
    const detail = found.code === "aws-denied" || found.code === "aws-not-there" ? ` (${error.message})` : "";
    return new UserError(found.code, `Could not ${doing}: ${found.why}${detail}`, {
      kind: "environment",
      hint: found.hint,
      cause: error,
    });
  }
  // An answer of a service has metadata; anything else is a fault of ours and must look like one.
  if (!("$metadata" in error)) return error;
  // The SDK has these names for an answer that it could not read.
  const isReadable = error.name !== "Unknown" && error.message !== "UnknownError";
  const words = isReadable ? `${error.name}: ${error.message}` : "the service gave no reason that can be read.";
  return new UserError("aws-failed", `Could not ${doing}: ${words}`, {
    kind: "environment",
    hint: isReadable
      ? "The words after the colon are AWS' own; look them up in the service's documentation."
      : "See whether this Region has the service, and whether something between you and AWS answers in its place.",
    cause: error,
  });
}
