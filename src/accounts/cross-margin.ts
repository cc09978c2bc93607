import type { Money, Ticks } from '../base/units.ts';
import type { Accounts, Holdings } from './accounts.ts';
import type { CollateralAsset } from './collateral-asset.ts';
import type { AccountId } from './ledger.ts';
import type { LiquidationIndex } from './liquidation-index.ts';
import { maintenanceMargin } from './margin.ts';
import type { MarginSchedule } from './margin.ts';

/** One contract of several that share cash. */
export interface CrossContract {
  readonly accounts: Accounts;
  readonly schedule: MarginSchedule;
  readonly index: LiquidationIndex;
  /** What the account's position is valued at now. */
  readonly markOf: (account: AccountId) => Ticks;
}

/**
 * Accounts that hold positions in several contracts on one balance: `equity = cash + Σ value`, and it must exceed the sum of the
 * maintenance margins. Exact when asked; to be found by a mark, an account lies in the liquidation index of every contract it
 * holds, each time at a conservative trigger.
 *
 * The surplus of a position is its value less its margin; it moves one way with its own mark. The slack of the account,
 * equity less all margins, is shared out over its positions in proportion to their notional. A trigger lies where the
 * surplus of its position has fallen by its share. While no trigger is reached, no surplus has fallen by more than its share, so
 * that all together have fallen by less than the slack: no combination of such moves breaks the account. When one is
 * reached, the account is asked exactly, and if it holds, it is registered anew at the marks of now.
 * With a single position the share is the whole slack and the trigger is that of an isolated account.
 *
 * Collateral in other assets is one more thing whose value may fall: it counts as equity without a margin of its own, takes its share of the
 * slack by its value, and has a trigger at the price where it has fallen by that.
 */
export class CrossMargin {
  private readonly contracts: readonly CrossContract[];
  private readonly assets: readonly CollateralAsset[];

  constructor(contracts: readonly CrossContract[], assets: readonly CollateralAsset[] = []) {
    this.contracts = contracts;
    this.assets = assets;
    contracts.forEach(({ accounts }, i) =>
      accounts.shareCash([...contracts.filter((_, other) => other !== i).map(holdingsOf), ...assets]),
    );
  }

  /** Equity less all maintenance margins at the marks of now; the account is distressed when it is not positive. */
  slack(account: AccountId): Money {
    const [first] = this.contracts;
    let slack = first.accounts.ledger.balance[account];
    for (const contract of this.contracts) slack += surplusOf(contract, account);
    for (const asset of this.assets) slack += asset.value(account);
    return slack;
  }

  /** Whether the account holds something and its margins are no longer covered. */
  isDistressed(account: AccountId): boolean {
    return this.contracts.some(({ accounts }) => accounts.lots[account] !== 0) && this.slack(account) <= 0;
  }

  /** Puts an account where its margins may give out; to be called after anything that changes its balance or a position. */
  register(account: AccountId): void {
    let held = 0;
    let exposure = 0;
    for (const contract of this.contracts) {
      if (contract.accounts.lots[account] === 0) continue;
      held++;
      exposure += contract.accounts.notional(account, contract.markOf(account));
    }
    let hasAsset = false;
    for (const asset of this.assets) {
      if (asset.units(account) === 0) continue;
      hasAsset = true;
      exposure += asset.value(account);
    }
    if (held === 0) return this.remove(account);
    if (held === 1 && !hasAsset) {
      for (const { index } of this.contracts) index.update(account);
      for (const asset of this.assets) asset.remove(account);
      return;
    }
    const slack = this.slack(account);
    if (slack <= 0) return this.registerBroken(account);
    for (const contract of this.contracts) {
      const { accounts, index } = contract;
      if (accounts.lots[account] === 0) index.remove(account);
      else {
        const share = accounts.notional(account, contract.markOf(account)) / exposure;
        index.updateBackedBy(account, Math.floor(share * slack - surplusOf(contract, account)));
      }
    }
    for (const asset of this.assets) asset.register(account, (asset.value(account) / exposure) * slack);
  }

  /** Something else than a price has broken the account: whichever price is asked next hands it out, unless it has doubled since. */
  private registerBroken(account: AccountId): void {
    for (const { accounts, index, markOf } of this.contracts) {
      const backing = accounts.lots[account] > 0 ? -2 * accounts.notional(account, markOf(account)) : 0;
      index.updateBackedBy(account, backing);
    }
    for (const asset of this.assets) asset.register(account, -Infinity);
  }

  /** Takes the account out of all indexes, while it is being liquidated. */
  remove(account: AccountId): void {
    for (const { index } of this.contracts) index.remove(account);
    for (const asset of this.assets) asset.remove(account);
  }
}

function surplusOf({ accounts, schedule, markOf }: CrossContract, account: AccountId): Money {
  const lots = accounts.lots[account];
  if (lots === 0) return 0;
  const mark = markOf(account);
  return accounts.value(account, mark) - maintenanceMargin(schedule, accounts.notional(account, mark), lots);
}

function holdingsOf({ accounts, schedule, markOf }: CrossContract): Holdings {
  return {
    lots: (account) => accounts.lots[account],
    entryValue: (account) => accounts.entryValue[account],
    value: (account) => (accounts.lots[account] === 0 ? 0 : accounts.value(account, markOf(account))),
    maintenance(account) {
      const lots = accounts.lots[account];
      return lots === 0 ? 0 : maintenanceMargin(schedule, accounts.notional(account, markOf(account)), lots);
    },
  };
}
