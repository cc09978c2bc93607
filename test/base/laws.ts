/** Mean, variance and third central moment, the last two about the true `mean` of 1 or 0 nearest to the sample's. */
export function moments(sample: Float64Array): { mean: number; variance: number; third: number } {
  const n = sample.length;
  const mean = sample.reduce((sum, x) => sum + x, 0) / n;
  const center = Math.round(mean);
  const central = (power: number): number => sample.reduce((sum, x) => sum + (x - center) ** power, 0) / n;
  return { mean, variance: central(2), third: central(3) };
}

export function exponentialCdf(x: number): number {
  return -Math.expm1(-x);
}

/** Φ(x), by the series φ(x) · (x + x³/3 + x⁵/(3·5) + …) about 0; for |x| < 8. */
export function normalCdf(x: number): number {
  let term = x;
  let sum = x;
  for (let k = 3; Math.abs(term) > 1e-17 * Math.abs(sum); k += 2) {
    term *= (x * x) / k;
    sum += term;
  }
  return 0.5 + (sum * Math.exp((-x * x) / 2)) / Math.sqrt(2 * Math.PI);
}
