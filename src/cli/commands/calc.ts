import type { CommandModule } from 'yargs';
import { deleveraging } from './calc/deleveraging.ts';
import { fillable } from './calc/fillable.ts';
import { funding } from './calc/funding.ts';
import { indexPrice } from './calc/index-price.ts';
import { liquidation } from './calc/liquidation.ts';
import { markPrice } from './calc/mark-price.ts';

/** `cascade calc <what>`: the formulas of the engine on numbers of one's own, without a simulation. */
export const calc: CommandModule = {
  command: 'calc',
  describe: 'Work out one thing: a liquidation price, a mark, an index, funding, who is deleveraged',
  builder: (y) =>
    y
      .command(liquidation)
      .command(indexPrice)
      .command(markPrice)
      .command(funding)
      .command(deleveraging)
      .command(fillable)
      .demandCommand(1, 'Say what to work out'),
  handler: () => undefined,
};
