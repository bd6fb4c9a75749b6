import type { ScenarioBody } from "../../core/scenario/model.ts";
import { LanguageFault } from "../language/scope.ts";
import type { ReceivedResponse } from "./response.ts";

const mostResources = 500;

/** Which resources of a page are fetched with it, and how many at a time. */
export interface ResourceRules {
  readonly pattern: RegExp | undefined;
  readonly atOnce: number;
}

/** Gives the rules of a scenario body; undefined when it does not ask for resources. @throws {LanguageFault} */
export function compileResources(body: ScenarioBody): ResourceRules | undefined {
  if (!body.retrievesResources) return undefined;
  return { pattern: patternOf(body.resourcesRegex), atOnce: Math.max(1, body.concurrentResources) };
}

function patternOf(source: string | undefined): RegExp | undefined {
  if (source === undefined || source === "") return undefined;
  try {
    return new RegExp(`^(?:${source})$`);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new LanguageFault(`The embedded driver cannot use the retrieve-resources-regex "${source}"`);
  }
}

/** Lists the addresses of what an HTML page shows: images, scripts, style sheets, frames; each once, in order. */
export function resourcesOf(response: ReceivedResponse, { pattern }: ResourceRules): readonly URL[] {
  if (response.status < 200 || response.status > 299) return [];
  if (!/^\s*(text\/html|application\/xhtml\+xml)/i.test(response.header("content-type"))) return [];
  const html = response.text.replace(/<!--[\s\S]*?-->/g, "");
  let base = response.url;
  const found = new Map<string, URL>();
  for (const [, tag = "", attributes = ""] of html.matchAll(/<([a-z]+)\b((?:[^>"']|"[^"]*"|'[^']*')*)>/gi)) {
    const name = tag.toLowerCase();
    if (name === "base") base = absolute(attribute(attributes, "href"), base)?.href ?? base;
    const url = absolute(linkOf(name, attributes), base);
    if (url !== undefined && (pattern?.test(url.href) ?? true) && found.size < mostResources) found.set(url.href, url);
  }
  return [...found.values()];
}

function linkOf(tag: string, attributes: string): string | undefined {
  switch (tag) {
    case "img":
    case "script":
    case "frame":
    case "iframe":
    case "embed":
    case "bgsound":
      return attribute(attributes, "src");
    case "input":
      return attribute(attributes, "type")?.toLowerCase() === "image" ? attribute(attributes, "src") : undefined;
    case "link":
      return /\b(stylesheet|icon)\b/i.test(attribute(attributes, "rel") ?? "")
        ? attribute(attributes, "href")
        : undefined;
    case "object":
      return attribute(attributes, "data");
    case "body":
    case "table":
    case "td":
      return attribute(attributes, "background");
    default:
      return undefined;
  }
}

function attribute(attributes: string, name: string): string | undefined {
  const match = new RegExp(`(?:^|\\s)${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)'|([^\\s"'>]+))`, "i").exec(attributes);
  return match?.[1] ?? match?.[2] ?? match?.[3];
}

function absolute(link: string | undefined, base: string): URL | undefined {
  const address = link?.trim().replaceAll("&amp;", "&") ?? "";
  if (address === "" || !URL.canParse(address, base)) return undefined;
  const url = new URL(address, base);
  url.hash = "";
  return url.protocol === "http:" || url.protocol === "https:" ? url : undefined;
}
