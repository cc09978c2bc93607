/**
 * Kolmogorov–Smirnov distance of a sample to a distribution function, as a multiple of its critical value at
 * a level of 10⁻³: above 1, the sample is from another distribution. (Sorts a copy.)
 */
export function kolmogorovSmirnov(sample: Float64Array, cdf: (x: number) => number): number {
  const sorted = sample.slice().sort();
  const n = sorted.length;
  let distance = 0;
  sorted.forEach((x, i) => {
    const p = cdf(x);
    distance = Math.max(distance, p - i / n, (i + 1) / n - p);
  });
  return (distance * Math.sqrt(n)) / 1.9495; // 2 exp(−2 · 1.9495²) = 0.001
}

/**
 * χ² of counts against probabilities, as a multiple of its critical value at a level of 10⁻³ (Wilson and
 * Hilferty's approximation). Cells in which fewer than 10 are expected are taken together.
 */
export function chiSquare(counts: Float64Array, probability: (cell: number) => number): number {
  const n = counts.reduce((sum, count) => sum + count, 0);
  let [sum, cells, rest, restExpected] = [0, 0, n, n];
  counts.forEach((count, cell) => {
    const expected = n * probability(cell);
    if (expected < 10) return;
    sum += (count - expected) ** 2 / expected;
    cells++;
    rest -= count;
    restExpected -= expected;
  });
  if (restExpected > 1) {
    sum += (rest - restExpected) ** 2 / restExpected;
    cells++;
  }
  const freedom = cells - 1;
  if (freedom === 0) return sum;
  const third = 2 / (9 * freedom);
  const critical = 1 - third + 3.0902 * Math.sqrt(third);
  return sum / (freedom * critical * critical * critical);
}
