/** Words of other load-testing tools for keys of Taurus. */
const synonyms: Readonly<Record<string, string>> = {
  users: "concurrency",
  vus: "concurrency",
  threads: "concurrency",
  duration: "hold-for",
  rampup: "ramp-up",
  rps: "throughput",
  rate: "throughput",
  loops: "iterations",
  baseurl: "default-address",
  baseaddress: "default-address",
  name: "label",
  data: "body",
  payload: "body",
  pause: "think-time",
  sleep: "think-time",
  cookies: "store-cookie",
  assertions: "assert",
  csv: "data-sources",
  tasks: "tasks",
};

/** Finds the known word that a person most likely meant; undefined when none is near. */
export function nearest(word: string, known: Iterable<string>): string | undefined {
  const target = flatten(word);
  const limit = target.length <= 4 ? 1 : Math.min(3, Math.ceil(target.length / 4));
  let best: string | undefined;
  let bestDistance = limit + 1;
  for (const candidate of known) {
    const flat = flatten(candidate);
    const distance = flat === target || synonyms[target] === candidate ? 0 : distanceOf(target, flat, bestDistance);
    if (distance < bestDistance) [best, bestDistance] = [candidate, distance];
  }
  return best;
}

function flatten(word: string): string {
  return word.slice(0, 64).toLowerCase().replace(/[-_ ]/g, "");
}

/** Edits (insert, remove, replace, swap neighbours) between two words; at least `limit` when there are that many. */
function distanceOf(from: string, to: string, limit: number): number {
  if (Math.abs(from.length - to.length) >= limit) return limit;
  let beforeLast: number[] = [];
  let last = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let i = 1; i <= from.length; i++) {
    const row = [i];
    for (let j = 1; j <= to.length; j++) {
      const isSame = from[i - 1] === to[j - 1];
      let cost = Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (last[j - 1] ?? 0) + (isSame ? 0 : 1));
      const isSwapped = i > 1 && j > 1 && from[i - 1] === to[j - 2] && from[i - 2] === to[j - 1];
      if (isSwapped) cost = Math.min(cost, (beforeLast[j - 2] ?? 0) + 1);
      row.push(cost);
    }
    [beforeLast, last] = [last, row];
  }
  return last[to.length] ?? limit;
}
