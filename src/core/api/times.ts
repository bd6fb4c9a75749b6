/** Writes an instant (epoch ms) as version 1.2 does: UTC, `2026-11-24 18:05:09`. */
export function formatInstant(atMs: number): string {
  return new Date(atMs).toISOString().slice(0, 19).replace("T", " ");
}
