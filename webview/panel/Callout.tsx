import type { ErrorMessage } from "../../src/core/errors.ts";

/** Says what failed and what to do; nothing when nothing did. */
export function Callout({ failure }: { readonly failure: ErrorMessage | undefined }) {
  return failure ? (
    <p role="alert" class="callout">
      {failure.message} {failure.hint}
    </p>
  ) : null;
}
