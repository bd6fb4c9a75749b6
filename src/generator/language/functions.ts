import { randomUUID } from "node:crypto";
import { formatDate, parseDate, shiftDate } from "./date.ts";
import type { Scope, Text } from "./scope.ts";

type Render = (scope: Scope) => string;

// Every function of JMeter that takes a variable's name takes it at a fixed place and stores its result there.
function storing(name: Text | undefined, render: Render): Render {
  if (name === undefined) return render;
  return (scope) => {
    const value = render(scope);
    const variable = name.render(scope).trim();
    if (variable !== "") scope.variables.set(variable, value);
    return value;
  };
}

function reader(args: readonly Text[], scope: Scope): (index: number, fallback?: string) => string {
  return (index, fallback = "") => {
    const text = args[index]?.render(scope).trim() ?? "";
    return text === "" ? fallback : text;
  };
}

function random(args: readonly Text[]): Render {
  return storing(args[2], (scope) => {
    const read = reader(args, scope);
    const low = Math.trunc(Number(read(0, "0")));
    const high = Math.trunc(Number(read(1, "0")));
    return String(low + Math.floor(Math.random() * (Math.max(low, high) - low + 1)));
  });
}

const letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

function randomString(args: readonly Text[]): Render {
  return storing(args[2], (scope) => {
    const read = reader(args, scope);
    const length = Math.min(1_000_000, Math.max(0, Math.trunc(Number(read(0, "10"))) || 0));
    const choice = read(1, letters);
    let text = "";
    for (let i = 0; i < length; i++) text += choice.charAt(Math.floor(Math.random() * choice.length));
    return text;
  });
}

function time(args: readonly Text[]): Render {
  return storing(args[1], (scope) => formatDate(Date.now(), args[0]?.render(scope) ?? "", scope.properties));
}

function timeShift(args: readonly Text[]): Render {
  return storing(args[4], (scope) => {
    const read = reader(args, scope);
    const pattern = read(0);
    const from = read(1);
    const atMs = from === "" ? Date.now() : parseDate(from, pattern);
    return formatDate(shiftDate(atMs, read(2)), pattern, scope.properties);
  });
}

function property(args: readonly Text[], defaultIndex: number, variable: Text | undefined): Render {
  return storing(variable, (scope) => {
    const name = args[0]?.render(scope).trim() ?? "";
    return scope.properties[name] ?? args[defaultIndex]?.render(scope) ?? (defaultIndex === 1 ? "1" : name);
  });
}

function environment(args: readonly Text[]): Render {
  return storing(args[1], (scope) => {
    const name = args[0]?.render(scope).trim() ?? "";
    return scope.properties[name] ?? args[2]?.render(scope) ?? name;
  });
}

function counter(args: readonly Text[]): Render {
  const occurrence = {};
  let total = 0;
  return storing(args[1], (scope) => {
    if (args[0]?.render(scope).trim().toUpperCase() !== "TRUE") return String(++total);
    const next = (scope.counters.get(occurrence) ?? 0) + 1;
    scope.counters.set(occurrence, next);
    return String(next);
  });
}

function intSum(args: readonly Text[]): Render {
  return (scope) => {
    const values = args.map((arg) => arg.render(scope).trim());
    const last = values.at(-1) ?? "";
    const isNamed = values.length > 2 && !/^[-+]?\d+$/.test(last);
    const sum = String((isNamed ? values.slice(0, -1) : values).reduce((total, value) => total + BigInt(value), 0n));
    if (isNamed && last !== "") scope.variables.set(last, sum);
    return sum;
  };
}

function variableOf(args: readonly Text[]): Render {
  return (scope) => {
    const name = args[0]?.render(scope) ?? "";
    return scope.variables.get(name) ?? args[1]?.render(scope) ?? name;
  };
}

function mapping(args: readonly Text[], map: (text: string) => string): Render {
  return storing(args[1], (scope) => map(args[0]?.render(scope) ?? ""));
}

function encodeForm(text: string): string {
  return new URLSearchParams([["", text]]).toString().slice(1);
}

function decodeForm(text: string): string {
  return new URLSearchParams(`=${text}`).get("") ?? "";
}

const functions: Readonly<Record<string, (args: readonly Text[]) => Render>> = {
  __UUID: () => () => randomUUID(),
  __Random: random,
  __RandomString: randomString,
  __time: time,
  __timeShift: timeShift,
  __P: (args) => property(args, 1, undefined),
  __property: (args) => property(args, 2, args[1]),
  __env: environment,
  __counter: counter,
  __threadNum:
    () =>
    ({ threadNumber }) =>
      String(threadNumber),
  __urlencode: (args) => mapping(args, encodeForm),
  __urldecode: (args) => mapping(args, decodeForm),
  __base64Encode: (args) => mapping(args, (text) => Buffer.from(text).toString("base64")),
  __base64Decode: (args) => mapping(args, (text) => Buffer.from(text, "base64").toString()),
  __intSum: intSum,
  __V: variableOf,
};

/** Binds one of JMeter's functions to its arguments; undefined when the generator does not have it. */
export function callFunction(name: string, args: readonly Text[]): Render | undefined {
  return Object.hasOwn(functions, name) ? functions[name]?.(args) : undefined;
}
