/** What a person sees while something is deployed or removed. */
export type Progress =
  | { readonly kind: "note"; readonly text: string }
  | {
      readonly kind: "resource";
      readonly atMs: number;
      readonly logicalId: string;
      /** As CloudFormation writes it: `AWS::S3::Bucket`. */
      readonly type: string;
      /** As CloudFormation writes it: `CREATE_COMPLETE`. */
      readonly status: string;
      readonly reason: string | undefined;
    };

/** Work that tells how it goes, and ends with an outcome. */
export type Work<T> = AsyncGenerator<Progress, T, undefined>;

/** Makes a note of one sentence. */
export function note(text: string): Progress {
  return { kind: "note", text };
}

/** Does the work to its end and hands every step of it to `tell`. */
export async function finish<T>(work: Work<T>, tell: (progress: Progress) => void): Promise<T> {
  for (;;) {
    const { done, value } = await work.next();
    if (done === true) return value;
    tell(value);
  }
}
