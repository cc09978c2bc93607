import { exp } from '../../../base/pinned-math.ts';
import { catalogue } from '../../../world/catalogue.ts';
import { creatorFrom } from '../../../world/create.ts';
import { contractOf } from '../../../world/market.ts';
import { World } from '../../../world/world.ts';
import { compare } from '../check.ts';
import type { Check, Finding } from '../check.ts';
import type { Laboratory } from '../laboratory.ts';
import { depth, LOTS_PER_TICK, START } from '../static-market.ts';

const FILE = 'limits/funding-anchor.yaml';
/** Interest of the file, for one interval; the premium counts in full in one interval, so κ is 1. */
const INTEREST = 0.002;
/** Payments within the horizon of the file. */
const PAYMENTS = 10;

export const fundingAnchor: Check = {
  id: 'limit-9',
  group: 'limits',
  title: 'The anchor of funding',
  theory:
    'with a funding flow κ(F − S) + ιS the price that neither side pays for is F/S = (κ − ι)/(κ + r_b − r_q): what the long pays is what the price gains',
  source: 'Ackerer, Hugonnier and Jermann, Perpetual futures pricing (2024)',
  perturbs: 'premium of the perpetual',
  run: (lab) => [
    ...[1 - 2 * INTEREST, 1 - INTEREST, 1 - INTEREST / 2].map((ratio) => flowAt(ratio, lab)),
    ...[0.2, 0.6, -0.5].map((growth) => growing(growth, lab)),
  ],
};

/**
 * Through the whole market: index at rest, r_b = r_q. A sale brings the mid to F and holds it there; longs receive what the flow says,
 * nothing at the anchor (κ − ι)/κ.
 */
function flowAt(ratio: number, lab: Laboratory): Finding {
  // The asks stay, so that the mid falls half as far as the touch.
  const lots = Math.round(2 * START * (1 - ratio) * LOTS_PER_TICK * lab.off);
  const world = new World({
    scenario: lab.scenario(FILE, [`shocks.sale.notional=${lots}`, depth(1)]),
    replicate: 0,
    mode: { kind: 'closed' },
    keepPaths: false,
  });
  const { accounts } = world.exchange;
  const isLong = Array.from(accounts.lots, (held) => held > 0);
  const cashOfLongs = (): number =>
    accounts.ledger.balance.reduce((sum, cash, account) => (isLong[account] ? sum + cash : sum), 0);
  const before = cashOfLongs();
  const held = accounts.lots.reduce((sum, one) => sum + Math.max(one, 0), 0);
  world.run();
  const paid = (before - cashOfLongs()) / (held * START * PAYMENTS);
  return compare(`paid by longs each interval at F/S = ${ratio}, in bp of the index`, {
    theory: Math.round(1e6 * (ratio - 1 + INTEREST)) / 100,
    simulated: 1e4 * paid,
    tolerance: 0.1,
    because: 'a tick is 0.1 bp',
  });
}

/** The rule alone, on a spot price that grows at r_q − r_b with the perpetual at its anchor. */
function growing(perYear: number, lab: Laboratory): Finding {
  const scenario = lab.scenario(FILE);
  const { contract } = contractOf(scenario);
  const rule = creatorFrom(catalogue).funding(scenario.exchange.funding, { contract });
  const perInterval = perYear / 365 / 3;
  const ratio = (1 - INTEREST) / (1 - perInterval);
  const [intervals, samples] = [90, Math.round(rule.interval / rule.sampleEvery)];
  let paid = 0;
  for (let n = 0; n < intervals; n++) {
    for (let i = 0; i < samples; i++) {
      const index = START * exp(perInterval * (n + i / samples));
      const mid = index * (1 + (ratio - 1) * lab.off);
      const openInterest = { long: 1, short: 1 };
      rule.sample({ index, mark: mid, mid, impactPrice: () => mid, openInterest: () => openInterest });
    }
    paid += rule.settle() * START * exp(perInterval * (n + 0.5));
  }
  const gained = ratio * START * (exp(perInterval * intervals) - 1);
  return compare(`paid by the long over what the price gained in 30 days at ${100 * perYear} % a year`, {
    theory: 1,
    simulated: paid / gained,
    tolerance: 0.001,
    because: 'an interval is not infinitely short',
  });
}
