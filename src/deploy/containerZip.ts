import { unzipSync } from "fflate";
import { UserError } from "../core/errors.ts";

// What CodeBuild could not use must not cost ten minutes to find out.
const mostBytes = 512 * 1024 * 1024;

/** Refuses what is no container zip. @throws {UserError} `bad-container-zip` */
export function checkContainerZip(zip: Uint8Array, name: string): void {
  if (zip.length > mostBytes) throw bad(name, "is larger than 512 MiB");
  const names: string[] = [];
  try {
    // The filter is asked about every entry; nothing is unpacked.
    unzipSync(zip, {
      filter: (file) => {
        names.push(file.name);
        return false;
      },
    });
  } catch {
    throw bad(name, "is no zip file");
  }
  if (!names.includes("Dockerfile")) throw bad(name, "has no Dockerfile at its top");
}

function bad(name: string, fault: string): UserError {
  return new UserError("bad-container-zip", `The file ${name} ${fault}.`, {
    hint: "docs/deploy.md says what belongs into a container zip.",
  });
}
