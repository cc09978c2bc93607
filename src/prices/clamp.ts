/** The value, held within `centre · (1 ± band)`. NaN when one of them is. */
export function clampTo(value: number, centre: number, band: number): number {
  return Math.min(Math.max(value, centre * (1 - band)), centre * (1 + band));
}
