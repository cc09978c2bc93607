import { variant } from '../../base/parameters.ts';
import { lastResort } from './liquidation-policy.ts';
import type { LiquidationPolicy } from './liquidation-policy.ts';

/**
 * No order of the account's own at all: the fund takes position and collateral over and gets rid of them its own way (Vega's network
 * party). How it does is `exchange.insuranceFund`; Vega's: `unwindEvery: 10s`, `unwindShare: 10%`, `unwindVisible: 5%`,
 * `unwindSlippage: 10%`, and all at once up to 20 units (`unwindWholeBelow`).
 */
export const takeOverAtOnce = variant({
  name: 'take-over-at-once',
  about: 'The fund takes the position over at the bankruptcy price and disposes of it in its own time.',
  source: 'Vega, liquidation strategy (vegaprotocol/vega, 2024-10-22)',
  parameters: {},
  create: (): LiquidationPolicy => ({ next: lastResort }),
});
