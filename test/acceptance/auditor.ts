import { FIRST_TRADER, INSURANCE_FUND } from '../../src/accounts/ledger.ts';
import type { AccountId } from '../../src/accounts/ledger.ts';
import { isDistressed } from '../../src/accounts/margin.ts';
import type { Scenario } from '../../src/world/scenario.ts';
import { World } from '../../src/world/world.ts';
import type { LiquidationMode } from '../../src/world/market.ts';
import { Seizures } from './seizures.ts';

/**
 * A run in which every account is looked at after every event. What must never happen is thrown as an error that says when it
 * did. An event is the unit: an order with its fills, its fees and what the waterfall makes of it is one.
 */
export class AuditedRun {
  readonly world: World;
  events = 0;
  private readonly mode: LiquidationMode;
  private readonly closesAtBankruptcy: boolean;
  private readonly isLossBorne: boolean;
  /** As they were after the event before. */
  private readonly balances: Float64Array;
  private readonly lots: Float64Array;
  /** units[asset][account]: of the collateral assets, likewise. */
  private readonly units: readonly Float64Array[];
  /** wasDistressed[account] = 1: under liquidation then. */
  private readonly wasDistressed: Uint8Array;
  private readonly seizures: Seizures;
  private fundOut = 0;
  private readonly traded = new Set<AccountId>();
  private kind = '';
  /** Steps of each liquidation at the instant `stepsAt`. */
  private readonly steps = new Map<AccountId, number>();
  private stepsAt = -1;

  constructor(scenario: Scenario, mode: LiquidationMode) {
    this.mode = mode;
    const { adl, liquidation, waterfall } = scenario.exchange;
    this.isLossBorne = waterfall.losses !== 'nobody';
    this.closesAtBankruptcy = adl.price === 'bankruptcy' && liquidation.policy !== 'outside-liquidators';
    this.world = new World({
      scenario,
      replicate: 0,
      mode,
      afterEvent: () => this.look(),
      log: (time, _phase, kind, a, b) => {
        if (kind === 'fill') this.traded.add(a).add(b);
        else this.kind = kind;
        if (kind === 'liquidation-step') this.countStep(time, a);
      },
    });
    const { accounts } = this.world.exchange;
    this.balances = accounts.ledger.balance.slice();
    this.lots = accounts.lots.slice();
    this.seizures = new Seizures(this.world);
    this.units = this.world.collateral.map(({ asset }) => asset.ledger.balance.slice());
    this.wasDistressed = new Uint8Array(accounts.size);
    this.world.run();
  }

  /** No liquidation may go on and on while time stands still. */
  private countStep(time: number, account: AccountId): void {
    if (time !== this.stepsAt) this.steps.clear();
    this.stepsAt = time;
    const steps = (this.steps.get(account) ?? 0) + 1;
    this.steps.set(account, steps);
    this.must(steps < 20, account, `is stepped for the ${steps}th time at one instant`);
  }

  private look(): void {
    const { accounts } = this.world.exchange;
    this.events++;
    this.world.checkInvariants();
    this.seizures.look();
    this.fundPaysWhatItHas();
    for (let account = FIRST_TRADER; account < accounts.size; account++) {
      // What a backstop or a pool takes over makes its position grow.
      if (account === this.world.backstop?.account || account === this.world.pool?.pool.account) continue;
      if (!this.traded.has(account)) this.untradedAccount(account);
      this.flatAccount(account);
      if (this.kind === 'margin-check') this.marginCovers(account);
      this.wasDistressed[account] = this.world.engine.isDistressed(account) ? 1 : 0;
    }
    this.balances.set(accounts.ledger.balance);
    this.lots.set(accounts.lots);
    this.world.collateral.forEach(({ asset }, i) => this.units[i].set(asset.ledger.balance));
    this.traded.clear();
  }

  /** Without a fill a position only shrinks (by take-over or deleveraging), by no more than there was, and who has none does not pay. */
  private untradedAccount(account: AccountId): void {
    const { accounts } = this.world.exchange;
    const [before, after] = [this.lots[account], accounts.lots[account]];
    this.must(
      before * after >= 0 && Math.abs(after) <= Math.abs(before),
      account,
      `went from ${before} to ${after} lots`,
    );
    if (before !== 0 && after === 0 && this.wasDistressed[account] === 1) {
      const left = accounts.ledger.balance[account];
      // Closed at another price than that of bankruptcy it may keep something. What it owes is looked at as of any flat account.
      this.must(
        left === 0 ||
          (left > 0 && left <= this.lastUnit(account)) ||
          (!this.closesAtBankruptcy && (left > 0 || !this.isLossBorne)),
        account,
        `was closed at its bankruptcy price and is left with ${left}`,
      );
    }
    if (before !== 0) return;
    const paid = this.balances[account] - accounts.ledger.balance[account];
    this.must(paid <= 0, account, `is flat and paid ${paid}`);
    this.world.collateral.forEach(({ name, asset }, i) => {
      const given = this.units[i][account] - asset.units(account);
      this.must(given === 0, account, `is flat and gave ${given} units of ${name}`);
    });
  }

  /** The most that may be left of a unit which was seized for what the account owed; 0 if none was. */
  private lastUnit(account: AccountId): number {
    const fetched = this.world.collateral
      .filter(({ asset }, i) => asset.units(account) < this.units[i][account])
      .map(({ asset }) => asset.proceedsOf(1) + 1);
    return Math.max(0, ...fetched);
  }

  /** Losses beyond the margin are made good at once, as long as anybody is in profit; or counted, where nobody bears them. */
  private flatAccount(account: AccountId): void {
    const { accounts, isMargined } = this.world.exchange;
    const debt = -accounts.ledger.balance[account];
    if (debt <= 0 || accounts.lots[account] !== 0 || isMargined[account] === 0) return;
    if (this.isLossBorne)
      this.must(this.profits() <= 0, account, `is flat and owes ${debt}, and there are winners`);
    else this.must(debt <= this.world.recorder.uncoveredLoss, account, `is flat and owes ${debt} uncounted`);
    const held = this.world.collateral.filter(({ asset }) => asset.units(account) > 0);
    this.must(held.length === 0, account, `is flat and owes ${debt}, and has collateral`);
  }

  /** What could be socialised: profits that their owners have in the account. */
  private profits(): number {
    const { accounts, mark } = this.world.exchange;
    let sum = 0;
    const traders = this.world.backstop?.account ?? accounts.size;
    for (let account = FIRST_TRADER; account < traders; account++)
      sum += Math.max(0, Math.min(accounts.unrealisedPnl(account, mark), accounts.equity(account, mark)));
    return sum;
  }

  /** Whom a mark breaks is under liquidation when the mark has been taken. */
  private marginCovers(account: AccountId): void {
    const { engine, exchange, schedule } = this.world;
    const { accounts, isMargined } = exchange;
    const mark = exchange.markOf(account);
    if (this.mode.kind === 'off' || isMargined[account] === 0 || accounts.lots[account] === 0) return;
    const broken = isDistressed(schedule, accounts.backing(account), accounts.lots[account], mark);
    this.must(
      !broken || engine.isDistressed(account),
      account,
      `is below maintenance at ${mark} and left alone`,
    );
  }

  private fundPaysWhatItHas(): void {
    const { exchange, fund, recorder } = this.world;
    if (fund.lots === 0) {
      const cash = exchange.accounts.ledger.balance[INSURANCE_FUND];
      this.must(cash >= 0, INSURANCE_FUND, `holds nothing and owes ${-cash}`);
    }
    if (recorder.fundOut > this.fundOut) {
      const left = fund.equity(exchange.mark);
      this.must(
        left >= 0,
        INSURANCE_FUND,
        `paid ${recorder.fundOut - this.fundOut} and is left with ${left}`,
      );
    }
    this.fundOut = recorder.fundOut;
  }

  private must(holds: boolean, account: AccountId, what: string): void {
    if (holds) return;
    const { kernel } = this.world;
    throw new Error(
      `${kernel.now} µs, event ${this.events} (${this.kind}): account ${account} of ${this.world.populationOf(account)} ${what}`,
    );
  }
}
