import type { AccountId } from '../../accounts/ledger.ts';
import { draw } from '../../base/distributions.ts';
import { choice, count, distribution, money, share, variant } from '../../base/parameters.ts';
import type { Money } from '../../base/units.ts';
import { moneyFromQuote } from '../../market/contract.ts';
import { Crew, CREW_PARAMETERS } from './crew.ts';
import type { Claim, KeeperId, KeeperParts, Keepers } from './keepers.ts';

/**
 * Anybody may liquidate, for a share of what a step closes. Each keeper reckons what it would earn, bids a share of it for a place in the
 * block, and stays away when too little is left. In the first block that anybody reaches the highest bid wins, then the earliest.
 * The winner pays its share of what it did earn (a bid that is due on success only) and its own costs.
 *
 * Assumes that losers pay nothing, that keepers expect the whole position to be closed (too much of slices), that the reward is worth no more
 * than the account's equity (so that nobody comes for an account under water, unless `bankrupt: resolve` says that somebody does), and that they
 * neither learn nor collude. Under a policy that pays whoever takes a position over (`outside-liquidators`) `reward` is 0 and `besides` says
 * what that comes to: then the backstop earns, and the costs alone are reported of the keepers. Describes Drift, dYdX v1 and lending protocols; not GMX, dYdX v3 and v4 or Hyperliquid, where nobody races.
 */
export const race = variant({
  name: 'race',
  about: 'Anybody liquidates for a share of it: the highest bid in the first block wins, if it pays at all.',
  source: 'mechanism: Drift (priority fees) and dYdX v1 (gas auction); latencies and bids are assumptions',
  parameters: {
    count: count({ default: 3, min: 1, max: 1000, about: 'number of keepers' }),
    ...CREW_PARAMETERS,
    reward: share({
      default: '1%',
      min: '0%',
      max: '100%',
      about: 'what the account pays of the value closed',
    }),
    besides: share({
      default: '0%',
      min: '0%',
      max: '100%',
      about: 'what a keeper reckons to earn of the value otherwise: the policy pays whoever takes over',
    }),
    bid: distribution({
      of: 'number',
      default: { uniform: [0.1, 0.9] },
      min: 0,
      max: 1,
      about: 'share of its profit that a keeper bids for its place in the block, drawn for each claim',
    }),
    cost: money({ default: 1, about: "a step's costs of the keeper's own" }),
    minProfit: money({ default: 5, about: 'profit after bid and costs below which a keeper stays away' }),
    bankrupt: choice(['wait', 'resolve'], {
      default: 'wait',
      about:
        'an account under water, which pays nobody: it waits until its equity is back, or keepers come for nothing',
    }),
  },
  create({ reward, besides, bid, bankrupt, ...parameters }, { contract, random }: KeeperParts): Keepers {
    const crew = new Crew(parameters, random);
    const cost = moneyFromQuote(contract, parameters.cost);
    const minProfit = moneyFromQuote(contract, parameters.minProfit);
    const streams = Array.from({ length: parameters.count }, (_, keeper) => random.stream(`bids/${keeper}`));
    /** bids[keeper]: its latest. */
    const bids = new Float64Array(parameters.count);
    /** The bid that won the next step of an account. */
    const won = new Map<AccountId, number>();
    return {
      claim(claim) {
        const gross = profitFrom(claim);
        const isResolved = claim.equity <= 0 && bankrupt === 'resolve';
        const answer = crew.answer(claim, (keeper) => bidFor(keeper, gross, isResolved));
        if (answer.kind === 'acts') won.set(claim.account, bids[answer.keeper]);
        return answer;
      },
      reward: ({ value }) => Math.round(value * reward),
      rewardFrom: 'account',
      cost: ({ account, value, paid }) =>
        cost + Math.round(won.get(account)! * Math.max(0, paid + besides * value - cost)),
      fail: (share, until) => crew.fail(share, until),
    };

    /** What it would bring if the whole position were closed at the mark. */
    function profitFrom({ notional, equity }: Claim): Money {
      return Math.min((reward + besides) * notional, Math.max(0, equity)) - cost;
    }

    function bidFor(keeper: KeeperId, gross: Money, isResolved: boolean): number | undefined {
      bids[keeper] = draw(bid, streams[keeper]);
      if (isResolved) return (bids[keeper] = 0);
      return (1 - bids[keeper]) * gross >= minProfit ? bids[keeper] : undefined;
    }
  },
});
