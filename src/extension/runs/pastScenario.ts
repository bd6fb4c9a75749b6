import { execFile } from "node:child_process";
import { basename, dirname } from "node:path";
import { l10n, Uri } from "vscode";
import { UserError } from "../../core/errors.ts";
import { commitScheme } from "./names.ts";

const gitTimeoutMs = 10_000;
const mostBytes = 8 * 1024 * 1024;

/** Address of a file as a commit has it; the last part of its path is the file's name, so that it is shown as such. */
export function commitUri(path: string, commit: string): Uri {
  const query = new URLSearchParams({ path, commit }).toString();
  return Uri.from({ scheme: commitScheme, path: `/${commit.slice(0, 10)}/${basename(path)}`, query });
}

/** Reads the file of such an address from its repository. @throws {UserError} `not-in-commit` */
export function textAtCommit(uri: Uri): Promise<string> {
  const query = new URLSearchParams(uri.query);
  const path = query.get("path") ?? "";
  const commit = query.get("commit") ?? "";
  // An address is text from anywhere: nothing but a commit's name may reach git as one.
  if (!/^[0-9a-f]{7,64}$/.test(commit)) return Promise.reject(notThere(path, commit));
  const options = { cwd: dirname(path), timeout: gitTimeoutMs, maxBuffer: mostBytes, windowsHide: true };
  return new Promise((resolve, reject) => {
    execFile("git", ["show", `${commit}:./${basename(path)}`], options, (error, stdout) => {
      if (error === null) resolve(stdout);
      else reject(notThere(path, commit, error));
    });
  });
}

function notThere(path: string, commit: string, cause?: unknown): UserError {
  const sentence = l10n.t("The commit {0} has no {1}.", commit.slice(0, 10), basename(path));
  return new UserError("not-in-commit", sentence, {
    hint: l10n.t("The scenario was not committed when the run was started, or its repository has moved."),
    cause,
  });
}
