/** Rounds a part of a rate to the last binary digit of the rate itself, which makes differences and sums of parts exact. */
function roundPart(rate: number, ratio: number): number {
  return rate * ratio + rate - rate;
}

/** Cuts the part of a rate between two ratios (0..1); parts that cover 0..1 add up to the rate exactly, in any order. */
export function rateBetween(rate: number, fromRatio: number, toRatio: number): number {
  return roundPart(rate, toRatio) - roundPart(rate, fromRatio);
}

/** Divides a rate in proportion to weights (at least one above 0); the parts add up to it exactly. */
export function apportionRate(rate: number, weights: readonly number[]): readonly number[] {
  const sum = weights.reduce((total, weight) => total + weight, 0);
  let before = 0;
  return weights.map((weight) => {
    const from = before;
    before += weight;
    return rateBetween(rate, from / sum, before / sum);
  });
}

/**
 * Divides a whole number in proportion to weights above 0, by largest remainder; the parts add up to it exactly and
 * none is below 1. The total is at least the number of weights.
 */
export function apportionWhole(total: number, weights: readonly number[]): readonly number[] {
  const sum = weights.reduce((all, weight) => all + weight, 0);
  const quotas = weights.map((weight) => (total * weight) / sum);
  const parts = quotas.map((quota) => Math.max(1, Math.floor(quota)));
  const excess = (part: number): number => (parts[part] ?? 0) - (quotas[part] ?? 0);
  const order = [...weights.keys()];
  for (let left = total - parts.reduce((all, part) => all + part, 0); left !== 0; left -= Math.sign(left)) {
    const step = Math.sign(left);
    const candidates = step > 0 ? order : order.filter((part) => (parts[part] ?? 0) > 1);
    const chosen = candidates.reduce((best, part) => (step * excess(part) < step * excess(best) ? part : best));
    parts[chosen] = (parts[chosen] ?? 0) + step;
  }
  return parts;
}
