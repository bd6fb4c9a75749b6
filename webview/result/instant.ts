/** Writes an instant (epoch ms) as `2026-11-24 15:06:17 UTC`, the same for every reader of a report. */
export function formatInstant(atMs: number): string {
  return `${new Date(atMs).toISOString().slice(0, 19).replace("T", " ")} UTC`;
}
