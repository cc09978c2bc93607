import { duration, money, share, variant } from '../../base/parameters.ts';
import type { Micros, Money } from '../../base/units.ts';
import { moneyFromQuote } from '../../market/contract.ts';
import { fundOr } from './adl-trigger.ts';
import type { AdlTrigger, TriggerParts } from './adl-trigger.ts';
import { WindowMaximum } from './window-maximum.ts';

/**
 * Bybit's and OKX's rule: deleveraging begins long before the fund is empty, when it has fallen by `start` from its peak within
 * the window, and ends when it is back within `stop` of it. The fund is left with exactly that drawdown: it pays what it still
 * may, and the winners forgo the rest. Bybit's formula is `(PnL − max PnL) / max balance` of the pool; with one contract and no
 * deposits it is the fall from the peak. A pool whose peak is no more than `ignoreBelow` may be spent to the end.
 */
export const fundDrawdown = variant({
  name: 'fund-drawdown',
  about: 'Winners are deleveraged when the fund has fallen by a share of its latest peak.',
  source: 'Bybit API v5, ADL alert (30 %, until 25 %); OKX, introduction to ADL (30 % from the peak of 8 h)',
  parameters: {
    window: duration({ default: '8h', min: '1s', about: 'how long a peak counts' }),
    start: share({ default: '30%', above: 0, max: 1, about: 'fall from the peak at which it begins' }),
    stop: share({ default: '25%', min: 0, max: 1, about: 'fall from the peak below which it ends' }),
    ignoreBelow: money({ default: 0, about: 'peak up to which the rule does not apply' }),
  },
  create({ window, start, stop, ignoreBelow }, { contract }: TriggerParts): AdlTrigger {
    const small = moneyFromQuote(contract, ignoreBelow);
    const peak = new WindowMaximum(window);
    let started = false;
    const floorAt = (fall: number): Money => (peak.value > small ? Math.ceil(peak.value * (1 - fall)) : 0);
    return {
      observe(now: Micros, equity: Money) {
        peak.observe(now, equity);
        if (equity <= floorAt(start)) started = true;
        else if (equity > floorAt(stop)) started = false;
      },
      headroom: (equity) => (started ? 0 : Math.max(0, equity - floorAt(start))),
      floor: () => floorAt(start),
      deleverages: true,
      fundPaysFirst: true,
      bearer: fundOr('deleverage'),
    };
  },
});
