/** Where an object is. */
export interface ObjectAddress {
  readonly bucket: string;
  readonly key: string;
}

/** Buckets as the custom resource needs them. */
export interface Buckets {
  /** @throws when there is no such object */
  get(from: ObjectAddress, signal: AbortSignal): Promise<Uint8Array>;
  put(to: ObjectAddress, bytes: Uint8Array, contentType: string, signal: AbortSignal): Promise<void>;
  /** Copies an object and gives the copy metadata of its own. */
  copy(
    from: ObjectAddress,
    to: ObjectAddress,
    metadata: Readonly<Record<string, string>>,
    signal: AbortSignal,
  ): Promise<void>;
  /** The metadata of an object; undefined when there is none of that key. */
  metadata(at: ObjectAddress, signal: AbortSignal): Promise<Readonly<Record<string, string>> | undefined>;
  list(bucket: string, signal: AbortSignal): Promise<readonly string[]>;
  delete(at: ObjectAddress, signal: AbortSignal): Promise<void>;
  /** Removes everything: all versions, delete markers and unfinished uploads; a bucket that is gone is empty. */
  empty(bucket: string, signal: AbortSignal): Promise<void>;
}
