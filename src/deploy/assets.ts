import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { Type, type Static } from "typebox";
import { Check } from "typebox/value";
import { UserError } from "../core/errors.ts";

const assetList = Type.Object({
  schema: Type.Literal("loadfleet.assets.v1"),
  version: Type.String(),
  assets: Type.Array(
    Type.Object({
      name: Type.String(),
      /** Path inside the folder of the stack. */
      file: Type.String(),
      sha256: Type.String({ pattern: "^[0-9a-f]{64}$" }),
    }),
  ),
});

/** A parameter of the template, as far as values are checked before AWS sees them. */
const templateParameter = Type.Object({
  Type: Type.String(),
  Default: Type.Optional(Type.Union([Type.String(), Type.Number()])),
  Description: Type.Optional(Type.String()),
  AllowedPattern: Type.Optional(Type.String()),
  AllowedValues: Type.Optional(Type.Array(Type.Union([Type.String(), Type.Number()]))),
  MinValue: Type.Optional(Type.Number()),
  MaxValue: Type.Optional(Type.Number()),
  NoEcho: Type.Optional(Type.Boolean()),
});
export type TemplateParameter = Static<typeof templateParameter>;

const templateText = Type.Object({
  Parameters: Type.Optional(Type.Record(Type.String(), templateParameter)),
  Resources: Type.Record(Type.String(), Type.Object({ Type: Type.String() })),
});

/** A file that the stack needs, under the name of its content. */
export interface Asset {
  /** A function's name, `container` or `console`. */
  readonly name: string;
  /** Key in the bucket of assets. */
  readonly key: string;
  readonly bytes: Uint8Array;
}

/** The template with everything that it needs, as the build made them. */
export interface StackAssets {
  readonly version: string;
  /** The template as JSON text. */
  readonly template: string;
  readonly parameters: Readonly<Record<string, TemplateParameter>>;
  readonly assets: readonly Asset[];
}

/**
 * Reads the folder `stack` of the build: the template, and the assets that assets.json lists.
 * @throws {UserError} `stack-files-missing`, `stack-files-damaged`
 */
export async function readStackAssets(folder: string): Promise<StackAssets> {
  const template = await readPart(folder, "template.json").then((bytes) => bytes.toString("utf8"));
  const list = decodeJson(await readPart(folder, "assets.json").then((bytes) => bytes.toString("utf8")));
  const content = decodeJson(template);
  if (!Check(assetList, list)) throw damaged(folder, "assets.json is not what this version reads");
  if (!Check(templateText, content)) throw damaged(folder, "template.json is no template");
  const assets = await Promise.all(
    list.assets.map(async ({ name, file, sha256 }) => {
      const bytes = await readPart(folder, file);
      if (hashOf(bytes) !== sha256) throw damaged(folder, `${file} is not the file that was built`);
      return { name, key: `${sha256}.zip`, bytes };
    }),
  );
  return { version: list.version, template, parameters: content.Parameters ?? {}, assets };
}

/** SHA-256 in hexadecimal digits. */
export function hashOf(bytes: Uint8Array | string): string {
  return createHash("sha256").update(bytes).digest("hex");
}

async function readPart(folder: string, file: string): Promise<Buffer> {
  try {
    return await readFile(join(folder, file));
  } catch (cause) {
    throw new UserError("stack-files-missing", `Could not read ${file} of the stack's files in ${folder}.`, {
      hint: "Install loadfleet again; in a clone of its repository, build it: npm run build.",
      kind: "environment",
      cause,
    });
  }
}

function decodeJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // What is no JSON fails the check of its schema, which names the file.
    return undefined;
  }
}

function damaged(folder: string, why: string): UserError {
  return new UserError("stack-files-damaged", `The stack's files in ${folder} are damaged: ${why}.`, {
    hint: "Install loadfleet again; in a clone of its repository, build it: npm run build.",
    kind: "environment",
  });
}
