import { ln } from '../base/pinned-math.ts';

/** What traders reckon from past prices. Prices are evenly spaced, the oldest first; where there are too few, each says that nothing moved. */

/** Root of the mean squared logarithmic return from one price to the next (no mean is taken off); 0 with fewer than two prices. */
export function realisedVolatility(prices: readonly number[]): number {
  if (prices.length < 2) return 0;
  let squares = 0;
  for (let i = 1; i < prices.length; i++) squares += ln(prices[i] / prices[i - 1]) ** 2;
  return Math.sqrt(squares / (prices.length - 1));
}

const FAST = 12;
const SLOW = 26;

/**
 * Moving average convergence/divergence: the 12-period exponential average of the price less the 26-period one, each with weight
 * 2/(n + 1) on the newest price and begun at the first. In the unit of the prices; 0 without any.
 * Appel (2005), "Technical Analysis: Power Tools for Active Investors".
 */
export function macd(prices: readonly number[]): number {
  return prices.length === 0 ? 0 : exponentialAverage(prices, FAST) - exponentialAverage(prices, SLOW);
}

function exponentialAverage(prices: readonly number[], periods: number): number {
  const weight = 2 / (periods + 1);
  return prices.reduce((average, price) => average + weight * (price - average));
}

const PERIODS = 14;

/**
 * Relative strength index as a share: average gain over average gain plus average loss. The averages begin as means of the first 14
 * changes, and each later change counts 1/14. Half with fewer changes, or when no price moved.
 * Wilder (1978), "New Concepts in Technical Trading Systems".
 */
export function rsi(prices: readonly number[]): number {
  if (prices.length <= PERIODS) return 0.5;
  let gain = 0;
  let loss = 0;
  for (let i = 1; i < prices.length; i++) {
    const change = prices[i] - prices[i - 1];
    const kept = i <= PERIODS ? 1 : (PERIODS - 1) / PERIODS;
    gain = kept * gain + Math.max(0, change) / PERIODS;
    loss = kept * loss + Math.max(0, -change) / PERIODS;
  }
  return gain + loss === 0 ? 0.5 : gain / (gain + loss);
}
