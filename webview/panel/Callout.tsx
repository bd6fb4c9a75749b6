import type { ErrorMessage } from "../../src/core/errors.ts";
import { tell } from "../language.ts";

/** Says what failed and what to do; nothing when nothing did. */
export function Callout({ failure }: { readonly failure: ErrorMessage | undefined }) {
  return failure ? (
    <p role="alert" class="callout">
      {tell(failure.message)} {failure.hint && tell(failure.hint)}
    </p>
  ) : null;
}
