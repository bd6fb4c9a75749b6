import { realpathSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";

/** The repository's folder. */
export const root = dirname(dirname(fileURLToPath(import.meta.url)));

/**
 * Tells whether a script is the one that was started, not one that was imported.
 * @param {ImportMeta} meta
 */
export const isStarted = (meta) => realpathSync(process.argv[1] ?? ".") === fileURLToPath(meta.url);

/**
 * What to tell a person about a failure.
 * @param {unknown} error
 */
export const sentenceOf = (error) => (error instanceof Error ? error.message : String(error));
