import { createContext } from "preact";
import { useCallback, useContext, useState } from "preact/hooks";

/** Where a host keeps what a person has chosen in the page, so that it is there again after a reload. */
export interface Keeper {
  /** Undefined when nothing was kept under the key. */
  get(key: string): unknown;
  /** The value is one that JSON can hold. */
  set(key: string, value: unknown): void;
}

/** The page's keeper; a report has none and begins anew each time. */
export const KeeperContext = createContext<Keeper | undefined>(undefined);

/** As `useState`, for a choice that the host keeps under a key. */
export function useKept<T>(key: string, initial: T): readonly [T, (next: T) => void] {
  const keeper = useContext(KeeperContext);
  const [value, setValue] = useState<T>(() => decodeLike(keeper?.get(key), initial));
  const keep = useCallback(
    (next: T) => {
      setValue(next);
      keeper?.set(key, next);
    },
    [keeper, key],
  );
  return [value, keep];
}

/** What the page itself kept earlier; a version of it that kept something else there begins anew. */
function decodeLike<T>(kept: unknown, initial: T): T {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a decoder of what this page wrote
  return typeof kept === typeof initial && kept !== null ? (kept as T) : initial;
}
