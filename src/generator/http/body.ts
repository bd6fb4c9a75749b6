import { randomBytes } from "node:crypto";
import { basename } from "node:path";
import type { Body } from "../../core/scenario/model.ts";
import { LanguageFault, type Scope, type Text } from "../language/scope.ts";
import { compileText } from "../language/text.ts";
import type { FileSource } from "./bundle.ts";

/** Content of a request that can be sent many times. */
export interface CompiledBody {
  /** Sent unless the scenario sets a `Content-Type` of its own; undefined for none. */
  readonly contentType: string | undefined;
  readonly isConstant: boolean;
  /** @throws {UserError} when a file that a variable names cannot be read */
  readonly render: (scope: Scope) => Buffer;
}

const charsets: Readonly<Record<string, BufferEncoding>> = {
  "utf-8": "utf8",
  utf8: "utf8",
  "iso-8859-1": "latin1",
  latin1: "latin1",
  "us-ascii": "ascii",
  ascii: "ascii",
  "utf-16le": "utf16le",
};

/**
 * Compiles a body. `charset` is Taurus' `content-encoding`: the character set of texts.
 * @throws {LanguageFault} for a character set or a template that the generator does not have
 * @throws {UserError} when a file cannot be read
 */
export function compileBody(body: Body, charset: string | undefined, bundle: FileSource): CompiledBody {
  const encoding = encodingOf(charset);
  switch (body.kind) {
    case "text":
      return textBody(compileText(body.text), `text/plain; charset=${charset ?? "UTF-8"}`, encoding);
    case "json":
      return textBody(compileText(JSON.stringify(body.value)), `text/plain; charset=${charset ?? "UTF-8"}`, encoding);
    case "form":
      return textBody(
        formText(body.fields),
        `application/x-www-form-urlencoded; charset=${charset ?? "UTF-8"}`,
        "utf8",
      );
    case "file":
      return fileBody(compileText(body.path), undefined, bundle);
    case "multipart": {
      const [upload] = body.uploads;
      const isWhole = body.uploads.length === 1 && upload?.param === "" && Object.keys(body.fields).length === 0;
      if (isWhole) return fileBody(compileText(upload.path), upload.mimeType, bundle);
      return multipartBody(body, encoding, bundle);
    }
  }
}

function encodingOf(charset: string | undefined): BufferEncoding {
  const encoding = charsets[(charset ?? "utf-8").toLowerCase()];
  if (encoding === undefined) {
    throw new LanguageFault(`The embedded driver cannot write the content-encoding "${charset ?? ""}"`);
  }
  return encoding;
}

function textBody(text: Text, contentType: string, encoding: BufferEncoding): CompiledBody {
  if (text.constant === undefined) {
    return { contentType, isConstant: false, render: (scope) => Buffer.from(text.render(scope), encoding) };
  }
  const bytes = Buffer.from(text.constant, encoding);
  return { contentType, isConstant: true, render: () => bytes };
}

function fileBody(path: Text, contentType: string | undefined, bundle: FileSource): CompiledBody {
  if (path.constant !== undefined) bundle.read(path.constant);
  return { contentType, isConstant: path.constant !== undefined, render: (scope) => bundle.read(path.render(scope)) };
}

/** Writes fields as a form does: `a=1&b=2`, encoded. */
export function formText(fields: Readonly<Record<string, string>>): Text {
  const pairs = Object.entries(fields).map(([name, value]) => [compileText(name), compileText(value)] as const);
  const render = (scope: Scope): string =>
    new URLSearchParams(pairs.map(([name, value]) => [name.render(scope), value.render(scope)])).toString();
  const isConstant = pairs.every(([name, value]) => name.constant !== undefined && value.constant !== undefined);
  return { constant: isConstant ? render(noScope) : undefined, render };
}

const noScope: Scope = { variables: new Map(), threadNumber: 0, properties: {}, counters: new Map() };

function multipartBody(
  body: Body & { readonly kind: "multipart" },
  encoding: BufferEncoding,
  bundle: FileSource,
): CompiledBody {
  const boundary = `loadfleet-${randomBytes(12).toString("hex")}`;
  const fields = Object.entries(body.fields).map(([name, value]) => ({ name, value: compileText(value) }));
  const uploads = body.uploads.map(({ param, path, mimeType }) => ({
    param,
    path: compileText(path),
    mimeType: mimeType ?? "application/octet-stream",
  }));
  for (const { path } of uploads) if (path.constant !== undefined) bundle.read(path.constant);
  const all = [...fields.map(({ value }) => value), ...uploads.map(({ path }) => path)];
  const write = (scope: Scope): Buffer => {
    const parts: Buffer[] = [];
    for (const { name, value } of fields) {
      parts.push(Buffer.from(`--${boundary}\r\nContent-Disposition: form-data; name="${quoted(name)}"\r\n\r\n`));
      parts.push(Buffer.from(`${value.render(scope)}\r\n`, encoding));
    }
    for (const { param, path, mimeType } of uploads) {
      const file = path.render(scope);
      const disposition = `form-data; name="${quoted(param)}"; filename="${quoted(basename(file))}"`;
      parts.push(
        Buffer.from(`--${boundary}\r\nContent-Disposition: ${disposition}\r\nContent-Type: ${mimeType}\r\n\r\n`),
      );
      parts.push(bundle.read(file), Buffer.from("\r\n"));
    }
    parts.push(Buffer.from(`--${boundary}--\r\n`));
    return Buffer.concat(parts);
  };
  const contentType = `multipart/form-data; boundary=${boundary}`;
  if (all.some(({ constant }) => constant === undefined)) return { contentType, isConstant: false, render: write };
  const bytes = write(noScope);
  return { contentType, isConstant: true, render: () => bytes };
}

function quoted(name: string): string {
  return name.replaceAll('"', "%22").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}
