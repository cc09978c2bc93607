import { duration, variant } from '../base/parameters.ts';
import type { Shock, ShockParts } from './shock.ts';

/**
 * The venue stops trading, by decision or by an outage of its matching: orders are refused, cancels are taken. Whether liquidation goes
 * on, and how trading opens again, is said by `exchange.halts`. (BitMEX was down for 25 minutes in its fall of 2020-03-13.)
 */
export const tradingHalt = variant({
  name: 'trading-halt',
  about: 'Trading stops for a while; orders are refused, cancels are taken.',
  parameters: { length: duration({ default: '25m', min: '1ms', about: 'how long' }) },
  create: ({ length }, _parts: ShockParts): Shock => ({
    needsExchange: true,
    start: (at, targets) => targets.at(at, () => targets.halt(length)),
  }),
});
