import { deflateSync, inflateSync } from "node:zlib";
import fc from "fast-check";
import * as hdr from "hdr-histogram-js";
import { describe, expect, test } from "vitest";
import { Histogram, type TimeUnit } from "../../../src/core/results/histogram.ts";
import { countOfWire } from "../../../src/core/results/histogramWire.ts";
import bzt from "../../fixtures/taurus/histograms.json" with { type: "json" };

const highest = { ms: 3_600_000, us: 3_600_000_000 };
const percentages = [0, 0.1, 1, 10, 25, 33.3, 50, 66.6, 75, 90, 95, 99, 99.9, 99.99, 100];
const edges = [0, 1, 2, 127, 128, 255, 256, 1023, 1024, 2047, 2048, 2049, 4095, 4096, 8191, 8192, 3_599_999, 3_600_000];
const units: readonly TimeUnit[] = ["ms", "us"];

function reference(unit: TimeUnit, values: readonly number[], digits: 1 | 2 | 3 = 3): hdr.Histogram {
  const histogram = hdr.build({
    lowestDiscernibleValue: 1,
    highestTrackableValue: highest[unit],
    numberOfSignificantValueDigits: digits,
    bitBucketSize: 64,
    useWebAssembly: false,
  });
  for (const value of values) histogram.recordValue(value);
  return histogram;
}

function ours(unit: TimeUnit, values: readonly number[], digits: 1 | 2 | 3 = 3): Histogram {
  const histogram = new Histogram(unit, { digits });
  for (const value of values) histogram.record(value);
  return histogram;
}

function valuesOf(unit: TimeUnit): fc.Arbitrary<number[]> {
  const value = fc.oneof(fc.nat(5000), fc.nat(highest[unit]), fc.constantFrom(...edges));
  return fc.array(value, { maxLength: 300 });
}

/** The compressed form, which is the only one that the library reads from text. */
function compress(v2: string): string {
  const payload = deflateSync(Buffer.from(v2, "base64"));
  const header = Buffer.alloc(8);
  header.writeUInt32BE(0x1c849314, 0);
  header.writeUInt32BE(payload.length, 4);
  return Buffer.concat([header, payload]).toString("base64");
}

function answers(histogram: { percentile(percentage: number): number }): readonly number[] {
  return percentages.map((percentage) => histogram.percentile(percentage));
}

function bucketsOf(histogram: Histogram): readonly (readonly number[])[] {
  return [...histogram.buckets()].map((bucket) => [bucket.low, bucket.high, bucket.count]);
}

describe.each(units)("a histogram in %s", (unit) => {
  test("answers every percentile as HdrHistogram does, with one to three digits", () => {
    fc.assert(
      fc.property(valuesOf(unit), fc.constantFrom<1 | 2 | 3>(1, 2, 3), (values, digits) => {
        const theirs = reference(unit, values, digits);
        expect(answers(ours(unit, values, digits))).toEqual(
          percentages.map((percentage) => theirs.getValueAtPercentile(percentage)),
        );
      }),
    );
  });

  test("is read by HdrHistogram with every bucket in its place", () => {
    fc.assert(
      fc.property(valuesOf(unit), (values) => {
        const decoded = hdr.decodeFromCompressedBase64(compress(ours(unit, values).toWire().v2), 64);
        expect(decoded.totalCount).toBe(values.length);
        expect(percentages.map((percentage) => decoded.getValueAtPercentile(percentage))).toEqual(
          answers(ours(unit, values)),
        );
      }),
    );
  });

  test("reads what HdrHistogram writes, compressed and not", () => {
    fc.assert(
      fc.property(valuesOf(unit), (values) => {
        const theirs = reference(unit, values);
        const compressed = hdr.encodeIntoCompressedBase64(theirs);
        const plain = inflateSync(Buffer.from(compressed, "base64").subarray(8)).toString("base64");
        expect(bucketsOf(Histogram.fromWire({ unit, v2: plain }))).toEqual(bucketsOf(ours(unit, values)));
        expect(bucketsOf(Histogram.fromWire({ unit, v2: compressed }))).toEqual(bucketsOf(ours(unit, values)));
      }),
    );
  });

  test("is the same after it has been written and read", () => {
    fc.assert(
      fc.property(valuesOf(unit), fc.constantFrom<1 | 2 | 3>(1, 2, 3), (values, digits) => {
        const histogram = ours(unit, values, digits);
        const wire = histogram.toWire();
        expect(bucketsOf(Histogram.fromWire(wire))).toEqual(bucketsOf(histogram));
        expect(Histogram.fromWire(wire).digits).toBe(digits);
        expect(countOfWire(wire)).toBe(values.length);
      }),
    );
  });

  test("merges into what the pooled values give, in any order and grouping", () => {
    fc.assert(
      fc.property(valuesOf(unit), valuesOf(unit), valuesOf(unit), (a, b, c) => {
        const pooled = bucketsOf(ours(unit, [...a, ...b, ...c]));
        const left = ours(unit, a);
        left.add(ours(unit, b));
        left.addWire(ours(unit, c).toWire());
        const right = ours(unit, c);
        right.add(ours(unit, b));
        const all = ours(unit, []);
        all.add(right);
        all.addCounts(ours(unit, a).toCounts());
        expect(bucketsOf(left)).toEqual(pooled);
        expect(bucketsOf(all)).toEqual(pooled);
      }),
    );
  });

  test("keeps every percentile within one bucket of the exact nearest rank", () => {
    fc.assert(
      fc.property(valuesOf(unit), fc.double({ min: 0.01, max: 100, noNaN: true }), (values, percentage) => {
        fc.pre(values.length > 0);
        const sorted = values.toSorted((a, b) => a - b);
        const exact = sorted[Math.max(Math.ceil((percentage / 100) * sorted.length), 1) - 1] ?? 0;
        const answer = ours(unit, values).percentile(percentage);
        expect(answer).toBeGreaterThanOrEqual(exact);
        expect(answer - exact).toBeLessThanOrEqual(exact / 1024);
      }),
    );
  });

  test("knows its lowest and highest bucket", () => {
    fc.assert(
      fc.property(valuesOf(unit), (values) => {
        fc.pre(values.length > 0);
        const histogram = ours(unit, values);
        expect(histogram.min).toBe(histogram.percentile(0));
        expect(histogram.max).toBe(histogram.percentile(100));
      }),
    );
  });
});

describe("values at the edges", () => {
  test.each([
    ["a negative value", -5, 0],
    ["a fraction", 7.9, 7],
    ["no number", Number.NaN, 0],
    ["more than an hour", 9_000_000, 3_600_383],
  ])("counts %s", (_name, value, expected) => {
    const histogram = new Histogram("ms");
    histogram.record(value);
    expect(histogram.percentile(100)).toBe(expected);
    expect(histogram.totalCount).toBe(1);
  });

  test("counts many at once, beyond 32 bits", () => {
    const histogram = new Histogram("us");
    histogram.record(1500, 2 ** 40);
    histogram.record(1500, 5);
    expect(Histogram.fromWire(histogram.toWire()).totalCount).toBe(2 ** 40 + 5);
  });

  test("is empty again after a reset", () => {
    const histogram = ours("ms", [1, 2, 3]);
    histogram.reset();
    expect([histogram.totalCount, histogram.min, histogram.max, histogram.percentile(50)]).toEqual([0, 0, 0, 0]);
  });

  test("folds finer counts into coarser buckets", () => {
    const coarse = new Histogram("us", { digits: 1 });
    coarse.add(ours("us", [1000, 1001, 50_000]));
    expect(bucketsOf(coarse)).toEqual(bucketsOf(ours("us", [1000, 1001, 50_000], 1)));
  });

  test("refuses to mix milliseconds and microseconds", () => {
    const ms = new Histogram("ms");
    expect(() => ms.add(new Histogram("us"))).toThrow("A histogram in us cannot be added to one in ms.");
    expect(() => ms.addWire(new Histogram("us").toWire())).toThrow(/us cannot be added/);
  });
});

describe("histograms that Taurus wrote", () => {
  test.each(Object.entries(bzt.labels))(
    'gives the percentiles that Taurus gave for "%s"',
    (_label, { hdr: v2, ...expected }) => {
      const histogram = Histogram.fromWire({ unit: "ms", v2 });
      expect(histogram.totalCount).toBe(expected.count);
      expect([histogram.min, histogram.max]).toEqual([expected.min_ms, expected.max_ms]);
      for (const [percentage, value] of Object.entries(expected.perc_ms)) {
        expect(histogram.percentile(Number(percentage))).toBe(value);
      }
    },
  );

  test("adds up from its seconds to the whole", () => {
    const merged = new Histogram("ms");
    for (const v2 of bzt.seconds) merged.addWire({ unit: "ms", v2 });
    expect(bucketsOf(merged)).toEqual(bucketsOf(Histogram.fromWire({ unit: "ms", v2: bzt.labels[""].hdr })));
  });
});

describe("broken histograms", () => {
  const good = ours("ms", [1, 20, 300, 4000]).toWire().v2;
  const bytes = Buffer.from(good, "base64");
  const changed = (at: number, value: number): string => {
    const copy = Buffer.from(bytes);
    copy[at] = value;
    return copy.toString("base64");
  };
  test.each([
    ["an empty text", "", /not HdrHistogram V2/],
    ["another alphabet", "####", /not base64/],
    ["a length that base64 cannot have", good.slice(0, -1), /not base64/],
    ["a cut payload", bytes.subarray(0, -1).toString("base64"), /cut short/],
    ["a count that does not end", changed(bytes.length - 1, 0xff), /end too early/],
    ["another format", changed(0, 0), /not HdrHistogram V2/],
    ["too many digits", changed(15, 5), /5 digits/],
    ["another lowest value", changed(23, 2), /lowest value/],
    ["compression that cannot be read", `${bzt.labels[""].hdr.slice(0, 20)}AAAA`, /compressed part/],
  ])("names %s", (_name, v2, sentence) => {
    expect(() => Histogram.fromWire({ unit: "ms", v2 })).toThrow(sentence);
    expect(() => countOfWire({ unit: "ms", v2 })).toThrow(sentence);
  });
});
