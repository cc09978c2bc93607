import { ln } from './pinned-math.ts';

/** Below this the product is exact in a double. */
const SMALL = 19;

/** ln n! for whole n ≥ 0: of the product up to 18, Stirling's series from there on (absolute error below 1e-12). */
export function lnFactorial(n: number): number {
  if (n < SMALL) {
    let product = 1;
    for (let i = 2; i <= n; i++) product *= i;
    return ln(product);
  }
  const inverse = 1 / n;
  const square = inverse * inverse;
  return (
    (n + 0.5) * ln(n) -
    n +
    0.5 * ln(2 * Math.PI) +
    inverse * (1 / 12 - square * (1 / 360 - square * (1 / 1260)))
  );
}
