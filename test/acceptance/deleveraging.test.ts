import { describe, expect, test } from 'vitest';
import { INSURANCE_FUND } from '../../src/accounts/ledger.ts';
import { catalogue } from '../../src/world/catalogue.ts';
import { World } from '../../src/world/world.ts';
import { auditedRun } from './combinations-audit.ts';
import { scenarioFrom } from './laboratory.ts';

/**
 * The price rises by 5 % and breaks shorts, whose keepers take their time; then it falls by a fifth, so that these shorts have won most of all
 * while they are still under liquidation, and longs are deleveraged.
 */
const whipsaw = (ranking: string): object => ({
  title: `A whipsaw, ${ranking}`,
  about: 'Made up by a test.',
  seed: 5,
  warmUp: '500ms',
  horizon: '20s',
  contract: { tick: 0.1, lot: 0.001, price: 1_000, takerFee: '0%', makerFee: '0%' },
  fundamental: { process: 'constant' },
  feeds: { alpha: {} },
  exchange: {
    mark: { design: 'index-only', every: '100ms' },
    margin: { tiers: 'tiers/binance-btcusdt.json' },
    liquidation: { policy: 'close-at-market', latency: '0s', fee: '0%' },
    keepers: { kind: 'permissioned', latency: { uniform: ['200ms', '15s'] }, capacity: 1_000, reward: 0 },
    insuranceFund: 0,
    waterfall: { trigger: 'equity-negative' },
    adl: { ranking, price: 'bankruptcy' },
    funding: { rule: 'none' },
  },
  agents: {
    holders: {
      ...{ kind: 'leveraged-holder', count: 60, openInterest: '1M', longShare: 0.5, largestShare: '20%' },
      ...{ leverage: { uniform: [10, 50] }, stopLoss: 0 },
    },
    hedged: { kind: 'hedged-holder', count: 10, leverage: 0.5 },
  },
  shocks: {
    rise: { kind: 'price-jump', at: '500ms', size: '5%', over: '0s' },
    fall: { kind: 'price-jump', at: '2s', size: '-20%', over: '0s' },
  },
});

describe('an account that is under liquidation itself', () => {
  test.each(Object.keys(catalogue.adl))('is never deleveraged for another, under %s', (ranking) => {
    const scenario = scenarioFrom(whipsaw(ranking));
    let deleveragings = 0;
    let besideDistressed = 0;
    let before: { lots: Float64Array; distressed: Set<number>; adl: number } | undefined;
    let stepped = -1;
    const look = (world: World): void => {
      const { lots, size } = world.exchange.accounts;
      if (before !== undefined && world.recorder.adlValue > before.adl) {
        deleveragings++;
        const side = Math.sign(before.lots[stepped]);
        const waiting = [...before.distressed].filter((of) => of !== stepped && before!.lots[of] * side < 0);
        if (waiting.length > 0) besideDistressed++;
        for (const account of waiting) expect(lots[account]).toBe(before.lots[account]);
      }
      const distressed = new Set<number>();
      for (let account = 0; account < size; account++)
        if (world.engine.isDistressed(account)) distressed.add(account);
      before = { lots: lots.slice(), distressed, adl: world.recorder.adlValue };
    };
    const world = new World({
      scenario,
      replicate: 0,
      mode: { kind: 'closed' },
      log: (_time, _phase, kind, account) => {
        if (kind === 'liquidation-step') stepped = account;
        if (kind === 'vault-is-deleveraged') stepped = INSURANCE_FUND;
      },
      afterEvent: look,
    });
    world.run();
    expect(deleveragings).toBeGreaterThan(5);
    expect(besideDistressed).toBeGreaterThan(3);
  });

  test.each(Object.keys(catalogue.adl))(
    'and money and positions are conserved meanwhile, under %s',
    (ranking) => {
      expect(
        auditedRun(scenarioFrom(whipsaw(ranking)), { kind: 'closed' }).recorder.adlValue,
      ).toBeGreaterThan(0);
    },
  );
});
