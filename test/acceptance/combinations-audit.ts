import { FIRST_TRADER, INSURANCE_FUND } from '../../src/accounts/ledger.ts';
import type { AccountId } from '../../src/accounts/ledger.ts';
import { isDistressed } from '../../src/accounts/margin.ts';
import type { LiquidationMode, Market } from '../../src/world/market.ts';
import type { Scenario } from '../../src/world/scenario.ts';
import { World } from '../../src/world/world.ts';
import { Seizures } from './seizures.ts';

/** Steps of one liquidation that change nothing of the account, within one second and in a row. */
const IDLE_STEPS_MAX = 40;

/**
 * A run of any number of contracts on one cash, looked at after every event. An error says what must never happen and when it did:
 *
 * - money or positions are not conserved, or collateral is paid for that its owner keeps;
 * - an account that is flat, before and after, pays;
 * - without a trade somebody's position grows or turns (but a vault's or a pool's), or more is closed of the healthy than of those
 *   for whom it is closed: deleveraging took more than was needed;
 * - an account that marks have broken is left alone;
 * - a liquidation steps on and on and changes nothing;
 * - the fund holds nothing and owes.
 */
export function auditedRun(scenario: Scenario, mode: LiquidationMode): World {
  let kind = '';
  const traded = new Set<AccountId>();
  const idle = new Map<AccountId, { steps: number; since: number; state: string }>();
  let cash: Float64Array | undefined;
  let lots: Float64Array[] = [];
  let wasDistressed: Uint8Array = new Uint8Array();

  const world: World = new World({
    scenario,
    replicate: 0,
    mode,
    keepPaths: false,
    log: (time, _phase, name, a, b) => {
      if (name === 'fill') traded.add(a).add(b);
      else if (!name.startsWith('refused-')) kind = name;
      if (name.endsWith('liquidation-step')) countStep(time, a);
    },
    afterEvent: look,
  });
  const { markets } = world;
  const seizures = new Seizures(world);
  const lastCheck =
    markets.length === 1 ? 'margin-check' : `${Object.keys(scenario.markets).at(-1)}/margin-check`;
  world.run();
  return world;

  function must(holds: boolean, account: AccountId, what: string): void {
    if (holds) return;
    throw new Error(
      `${world.kernel.now} µs, ${kind}: account ${account} of ${world.populationOf(account)} ${what}`,
    );
  }

  function countStep(time: number, account: AccountId): void {
    const { balance } = world.exchange.accounts.ledger;
    const state = [
      balance[account],
      ...markets.map(({ exchange }) => exchange.accounts.lots[account]),
    ].join();
    const before = idle.get(account);
    const isIdle = before?.state === state && time - before.since < 1_000_000;
    const now = isIdle ? { ...before, steps: before.steps + 1 } : { steps: 1, since: time, state };
    idle.set(account, now);
    must(now.steps < IDLE_STEPS_MAX, account, `was stepped ${now.steps} times within a second for nothing`);
  }

  function look(): void {
    world.checkInvariants();
    seizures.look();
    const { balance } = world.exchange.accounts.ledger;
    const now = markets.map(({ exchange }) => exchange.accounts.lots);
    const isVault = (account: AccountId): boolean =>
      account === world.backstop?.account || account === world.pool?.pool.account;
    if (cash !== undefined) {
      for (let account = FIRST_TRADER; account < balance.length; account++) {
        if (isVault(account) || traded.has(account)) continue;
        const paid = cash[account] - balance[account];
        if (paid > 0 && isFlat(account, now) && isFlat(account, lots))
          must(false, account, `is flat and paid ${paid}`);
      }
      if (traded.size === 0) markets.forEach((market, i) => closings(market, lots[i], isVault));
    }
    if (kind === lastCheck && mode.kind !== 'off') brokenAreLiquidated();
    if (now.every((of) => of[INSURANCE_FUND] === 0))
      must(
        balance[INSURANCE_FUND] >= 0,
        INSURANCE_FUND,
        `holds nothing and owes ${-balance[INSURANCE_FUND]}`,
      );
    if (cash === undefined) {
      cash = balance.slice();
      lots = now.map((of) => of.slice());
      wasDistressed = new Uint8Array(balance.length);
    }
    cash.set(balance);
    now.forEach((of, i) => lots[i].set(of));
    for (let account = 0; account < balance.length; account++)
      wasDistressed[account] = world.market.isDistressed(account) ? 1 : 0;
    traded.clear();
  }

  function isFlat(account: AccountId, held: readonly Float64Array[]): boolean {
    for (const of of held) if (of[account] !== 0) return false;
    return true;
  }

  function closings(
    { exchange }: Market,
    before: Float64Array,
    isVault: (account: AccountId) => boolean,
  ): void {
    const after = exchange.accounts.lots;
    let needed = 0;
    let taken = 0;
    for (let account = INSURANCE_FUND; account < after.length; account++) {
      const [was, is] = [before[account], after[account]];
      if (account === INSURANCE_FUND || isVault(account) || wasDistressed[account] === 1)
        needed += Math.abs(was - is);
      else {
        if (was * is < 0 || Math.abs(is) > Math.abs(was))
          must(false, account, `went from ${was} to ${is} lots without a trade`);
        taken += Math.abs(was - is);
      }
    }
    must(
      taken <= needed,
      INSURANCE_FUND,
      `and others: ${taken} lots were taken of the healthy for ${needed}`,
    );
  }

  function brokenAreLiquidated(): void {
    for (let account = FIRST_TRADER; account < world.exchange.accounts.size; account++) {
      if (world.exchange.isMargined[account] === 0 || world.market.isDistressed(account)) continue;
      const held = markets.find(({ exchange }) => exchange.accounts.lots[account] !== 0);
      if (held === undefined) continue;
      const { exchange, schedule } = held;
      const mark = exchange.markOf(account);
      const { accounts } = exchange;
      const isBroken = isDistressed(schedule, accounts.backing(account), accounts.lots[account], mark);
      must(!isBroken, account, `is below maintenance at ${mark} and left alone`);
    }
  }
}
