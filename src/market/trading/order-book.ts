import { variant } from '../../base/parameters.ts';
import type { Trading, TradingParts } from './trading.ts';

/** A limit order book with price-time priority: makers quote, takers take, and what a trade costs depends on who is there. */
export const orderBook = variant({
  name: 'order-book',
  about: 'Traders meet each other in a limit order book.',
  parameters: {},
  create: (_parameters, _parts: TradingParts): Trading => ({}),
});
