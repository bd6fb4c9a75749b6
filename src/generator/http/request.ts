import { randomBytes } from "node:crypto";
import type { RequestStep, ScenarioBody } from "../../core/scenario/model.ts";
import { type CompiledAssertion, compileAssertion } from "../extract/assertion.ts";
import { type CompiledExtractor, compileExtractor } from "../extract/extractor.ts";
import type { Libraries } from "../extract/libraries.ts";
import { compileAmount } from "../language/amount.ts";
import type { Scope, Text } from "../language/scope.ts";
import { compileText } from "../language/text.ts";
import { compileAddress } from "./address.ts";
import { type CompiledBody, compileBody, formText } from "./body.ts";
import type { FileSource } from "./bundle.ts";
import type { ExchangeOptions } from "./exchange.ts";
import { makeOutgoing, type Outgoing } from "./outgoing.ts";
import { compileResources, type ResourceRules } from "./resources.ts";

/** What requests are compiled with. */
export interface RequestContext {
  readonly body: ScenarioBody;
  readonly bundle: FileSource;
  readonly libraries: Libraries;
  /** Adds a W3C `traceparent` header to every request. */
  readonly tracesRequests: boolean;
}

/** A request step that was compiled once and is sent many times. */
export interface CompiledRequest {
  readonly label: Text;
  /** @throws {Error} when the rendered address or a file cannot be used; its message is the failure's text */
  readonly render: (scope: Scope) => Outgoing;
  readonly options: (scope: Scope) => ExchangeOptions;
  readonly extractors: readonly CompiledExtractor[];
  readonly assertions: readonly CompiledAssertion[];
  readonly resources: ResourceRules | undefined;
  /** Line of the step in the scenario's file, from 1. */
  readonly line: number;
}

const userAgent = "Loadfleet";
const defaultTimeoutMs = 30_000;

/** Compiles one request step. @throws {LanguageFault} when part of it is beyond the generator */
export function compileRequest(step: RequestStep, context: RequestContext): CompiledRequest {
  const { body, libraries } = context;
  const resources = compileResources(body);
  const extractors = [...body.extractors, ...step.extractors].map((one) => compileExtractor(one, libraries));
  const assertions = [...body.assertions, ...step.assertions].map((one) => compileAssertion(one, libraries));
  return {
    label: compileText(step.label),
    render: compileRender(step, context),
    options: compileOptions(
      step,
      body,
      extractors.length + assertions.length > 0 ? "all" : resources === undefined ? "none" : "html",
    ),
    extractors,
    assertions,
    resources,
    line: step.range.line,
  };
}

function compileOptions(
  step: RequestStep,
  body: ScenarioBody,
  keptBody: ExchangeOptions["keptBody"],
): (scope: Scope) => ExchangeOptions {
  const timeout = compileAmount(step.timeoutMs ?? body.timeoutMs ?? defaultTimeoutMs);
  const fixed = {
    isKeepAlive: step.isKeepAlive ?? body.isKeepAlive,
    followsRedirects: step.followsRedirects ?? body.followsRedirects,
    keptBody,
  };
  if (timeout.constant === undefined) return (scope) => ({ ...fixed, timeoutMs: timeout.render(scope) });
  const options = { ...fixed, timeoutMs: timeout.constant };
  return () => options;
}

function compileRender(step: RequestStep, context: RequestContext): (scope: Scope) => Outgoing {
  const method = compileText(step.method);
  const isQueryForm = step.body?.kind === "form" && /^(GET|HEAD|DELETE|OPTIONS)$/i.test(step.method);
  const charset = step.contentEncoding ?? context.body.contentEncoding;
  const body = step.body === undefined || isQueryForm ? undefined : compileBody(step.body, charset, context.bundle);
  const query = step.body?.kind === "form" && isQueryForm ? formText(step.body.fields) : undefined;
  const address = compileAddress(step.url, context.body.defaultAddress, query);
  const headers = compileHeaders(step, context, body);
  const render = (scope: Scope): Outgoing => {
    const { target, path } = address.render(scope);
    return makeOutgoing(target, path, {
      method: (method.constant ?? method.render(scope)).toUpperCase(),
      headers: headers.render(scope),
      body: body?.render(scope) ?? null,
    });
  };
  const isConstant =
    method.constant !== undefined && address.isConstant && headers.isConstant && (body?.isConstant ?? true);
  if (!isConstant) return render;
  let ready: Outgoing | undefined;
  return (scope) => (ready ??= render(scope));
}

interface CompiledHeaders {
  readonly isConstant: boolean;
  readonly render: (scope: Scope) => string[];
}

function compileHeaders(step: RequestStep, context: RequestContext, body: CompiledBody | undefined): CompiledHeaders {
  const named = new Map<string, readonly [string, string]>([["user-agent", ["user-agent", userAgent]]]);
  if (body?.contentType !== undefined) named.set("content-type", ["content-type", body.contentType]);
  for (const [name, value] of [...Object.entries(context.body.headers), ...Object.entries(step.headers)]) {
    // The boundary of a multipart body is ours to choose, so its type is ours to say.
    if (step.body?.kind === "multipart" && name.toLowerCase() === "content-type") continue;
    named.set(name.toLowerCase(), [name, value]);
  }
  // undici writes these itself, from the body and from `keepalive`.
  for (const name of ["content-length", "connection", "transfer-encoding"]) named.delete(name);
  const compiled = [...named.values()].map(([name, value]) => [name, compileText(value)] as const);
  const render = (scope: Scope): string[] => {
    const headers = compiled.flatMap(([name, value]) => [name, oneLine(value.render(scope))]);
    if (context.tracesRequests) headers.push("traceparent", traceParent());
    return headers;
  };
  if (context.tracesRequests || compiled.some(([, value]) => value.constant === undefined)) {
    return { isConstant: false, render };
  }
  const constant = compiled.flatMap(([name, value]) => [name, oneLine(value.constant ?? "")]);
  return { isConstant: true, render: () => constant };
}

// A value that a response gave must not add header lines.
function oneLine(value: string): string {
  return /[\r\n]/.test(value) ? value.replace(/\s*[\r\n]+\s*/g, " ").trim() : value;
}

function traceParent(): string {
  const hex = randomBytes(24).toString("hex");
  return `00-${hex.slice(0, 32)}-${hex.slice(32)}-01`;
}
