/** Keys to an account. */
export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
  readonly expiration?: Date;
}

/** How a region of AWS is reached; what is left out comes from the environment, as for every SDK. */
export interface Connection {
  readonly region?: string;
  readonly credentials?: () => Promise<Credentials>;
  /** Address of an emulator or a private endpoint. */
  readonly endpoint?: string;
  /** The profile that all of this came from; errors name it. */
  readonly profile?: string;
}

const connectLimitMs = 5000;
const answerLimitMs = 30_000;
const mostAttempts = 8;

/** What every client of an AWS service is made with. */
export interface ClientConfig {
  region?: string;
  credentials?: () => Promise<Credentials>;
  endpoint?: string;
  readonly retryMode: "adaptive";
  readonly maxAttempts: number;
  readonly requestHandler: {
    readonly connectionTimeout: number;
    readonly requestTimeout: number;
    readonly throwOnRequestTimeout: boolean;
    readonly socketAcquisitionWarningTimeout: number;
    readonly httpsAgent: { readonly maxSockets: number };
    readonly httpAgent: { readonly maxSockets: number };
  };
}

/** Settings for any client of the SDK: patient with throttling, impatient with an address that does not answer. */
export function clientConfig({ region, credentials, endpoint }: Connection): ClientConfig {
  return {
    ...(region === undefined ? {} : { region }),
    ...(credentials === undefined ? {} : { credentials }),
    ...(endpoint === undefined ? {} : { endpoint }),
    retryMode: "adaptive",
    maxAttempts: mostAttempts,
    requestHandler: {
      connectionTimeout: connectLimitMs,
      requestTimeout: answerLimitMs,
      throwOnRequestTimeout: true,
      // Callers bound how much they ask at a time; waiting for a free connection is no fault.
      socketAcquisitionWarningTimeout: answerLimitMs,
      httpsAgent: { maxSockets: 64 },
      httpAgent: { maxSockets: 64 },
    },
  };
}

/** Settings for the client of S3: an endpoint of one's own rarely knows buckets as host names. */
export function s3Config(
  connection: Connection,
  env: Readonly<Record<string, string | undefined>> = process.env,
): ClientConfig & { readonly forcePathStyle: boolean } {
  const endpoint = connection.endpoint ?? env["AWS_ENDPOINT_URL_S3"] ?? env["AWS_ENDPOINT_URL"];
  return { ...clientConfig(connection), forcePathStyle: endpoint !== undefined };
}
