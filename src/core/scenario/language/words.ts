/** Values worth a suggestion by key, where the schema allows any text. */
const wordsByKey: Readonly<Record<string, readonly string[]>> = {
  executor: ["jmeter", "k6", "locust"],
  module: ["passfail", "final-stats", "console", "junit-xml"],
  method: ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"],
  "default-address": ["http://", "https://"],
  "think-time": ["500ms", "1s", "uniform(1s, 500ms)", "gaussian(1s, 300ms)", "poisson(1s, 300ms)"],
  timeout: ["1s", "2s", "10s", "30s"],
  "ramp-up": ["10s", "30s", "1m", "5m"],
  "hold-for": ["30s", "1m", "5m", "10m", "1h"],
  delay: ["10s", "30s", "1m"],
  timeframe: ["10s", "30s", "1m"],
  concurrency: ["10", "50", "100", "${__P(users,10)}"],
  throughput: ["10", "50", "100", "${__P(rate,10)}"],
  delimiter: ["','", "';'", "tab"],
  subject: ["avg-rt", "avg-lt", "avg-ct", "p50", "p90", "p95", "p99", "p99.9", "fail", "succ", "hits", "bytes"],
  threshold: ["300ms", "1s", "1%"],
};

/** Gives values worth a suggestion for a key that takes any text. */
export function wordsOf(key: string): readonly string[] {
  return Object.hasOwn(wordsByKey, key) ? (wordsByKey[key] ?? []) : [];
}

/** Names of HTTP headers that requests set most. */
export const headerNames: readonly string[] = ["Accept", "Authorization", "Content-Type", "Cookie", "User-Agent"];

/** Beginnings of pass/fail rules, each with what it judges. */
export const criterionStarts: readonly (readonly [start: string, meaning: string])[] = [
  ["p95>", "95th percentile of the response time"],
  ["p99>", "99th percentile of the response time"],
  ["p50>", "Median of the response time"],
  ["avg-rt>", "Mean response time"],
  ["avg-lt>", "Mean time to the first byte"],
  ["avg-ct>", "Mean time to connect"],
  ["fail>", "Failed requests, as a share or a number"],
  ["succ<", "Successful requests, as a share or a number"],
  ["rc5??>", "Responses with a code of 500 and above"],
  ["hits<", "Number of requests"],
  ["p95 of ", "95th percentile of one label"],
  ["avg-rt of ", "Mean response time of one label"],
  ["fail of ", "Failed requests of one label"],
];

/** Thresholds worth a suggestion for a rule's subject. */
export function thresholdsOf(subject: string): readonly string[] {
  return /^(?:p\d|avg-|stdev)/.test(subject) ? ["300ms", "500ms", "1s"] : ["1%", "5%"];
}
