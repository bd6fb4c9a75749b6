import { useEffect, useRef, useState } from "preact/hooks";

/** Milliseconds between two drawings: figures come once a second, and charts of hours take long to draw. */
const calmMs = 200;

/** Passes on a value that changes with each frame a few times a second, the last one always; another key's at once. */
export function useCalm<T>(value: T, key: string): T {
  const [shown, show] = useState({ key, value });
  const latestRef = useRef({ key, value });
  const timerRef = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  useEffect(() => {
    latestRef.current = { key, value };
    timerRef.current ??= setTimeout(() => {
      timerRef.current = undefined;
      show(latestRef.current);
    }, calmMs);
  }, [key, value]);
  useEffect(() => () => clearTimeout(timerRef.current), []);
  return shown.key === key ? shown.value : value;
}
