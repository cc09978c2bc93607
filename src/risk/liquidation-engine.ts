import type { Accounts } from '../accounts/accounts.ts';
import { INSURANCE_FUND, OUTSIDE } from '../accounts/ledger.ts';
import type { AccountId } from '../accounts/ledger.ts';
import type { LiquidationIndex } from '../accounts/liquidation-index.ts';
import { bankruptcyPrice, isDistressed } from '../accounts/margin.ts';
import type { MarginSchedule } from '../accounts/margin.ts';
import { assert } from '../base/check.ts';
import { ppmOfRoundedUp, SECOND } from '../base/units.ts';
import type { Lots, Micros, Money, Ppm, Side, Ticks } from '../base/units.ts';
import { Phase } from '../kernel/kernel.ts';
import type { HandlerId, Kernel } from '../kernel/kernel.ts';
import type { Contract } from '../market/contract.ts';
import { TimeInForce } from '../market/order.ts';
import type { InsuranceFund } from './insurance-fund.ts';
import type { KeeperId, Keepers } from './keepers/keepers.ts';
import { closingSide, limitAfterFee, stricter } from './liquidation/liquidation-policy.ts';
import type {
  Distressed,
  LiquidationPolicy,
  LiquidationTimeInForce,
  LiquidationView,
} from './liquidation/liquidation-policy.ts';
import type { LiquidationEnd, RiskJournal } from './risk-journal.ts';
import type { Waterfall } from './waterfall.ts';

/** What the engine may do in the market. */
export interface ForcedTrading {
  readonly contract: Contract;
  /** Worst price that the band lets an order of this side trade at. */
  bandLimit(side: Side): Ticks;
  averagePrice(side: Side, lots: Lots): Ticks;
  cancelOrders(account: AccountId): void;
  /** Sends an order into the book and settles it; returns the lots filled and their notional. */
  trade(account: AccountId, order: ForcedOrder): { lots: Lots; value: Money };
}

export interface ForcedOrder {
  readonly side: Side;
  readonly lots: Lots;
  readonly limit: Ticks;
  readonly timeInForce: LiquidationTimeInForce;
}

export interface LiquidationSettings {
  /** From the mark that takes the fund under water to its deleveraging. */
  readonly latency: Micros;
  readonly fee: Ppm;
  /** How often the fund sells what it has taken over, and what share of it each time. */
  readonly unwindEvery: Micros;
  readonly unwindShare: number;
}

export interface LiquidationParts {
  readonly kernel: Kernel;
  readonly accounts: Accounts;
  readonly schedule: MarginSchedule;
  readonly index: LiquidationIndex;
  readonly policy: LiquidationPolicy;
  readonly keepers: Keepers;
  readonly fund: InsuranceFund;
  readonly waterfall: Waterfall;
  readonly market: ForcedTrading;
  readonly journal: RiskJournal;
  readonly settings: LiquidationSettings;
}

/** A liquidation under way. */
interface Liquidation {
  started: boolean;
  orders: number;
  lastFilled: Lots;
  steps: number;
  /** Who takes the next step. */
  keeper: KeeperId;
}

/** What the step handler is to do, as its second argument. */
const STEP = 0;
const CLAIM_AGAIN = 1;

/** How long to wait when there was nobody left to deleverage against. */
const NOBODY_LEFT_RETRY: Micros = SECOND;

/**
 * Winds up accounts whose margin has given out. Asynchronous: a mark breaks an account, the engine latency passes, the policy
 * names one step, the step is carried out in the market, the latency passes again. Everything the orders do to the book
 * and hence to the mark happens between two steps, by the ordinary path.
 *
 * An account *may break* (it lies in the liquidation index), *is distressed* (it is here), *is done with* (flat, or its
 * margin holds again and it goes back into the index).
 */
export class LiquidationEngine {
  private readonly parts: LiquidationParts;
  private readonly stepHandler: HandlerId;
  private readonly unwindHandler: HandlerId;
  private readonly deleverageFundHandler: HandlerId;
  private readonly distressed = new Map<AccountId, Liquidation>();
  private unwinding = false;
  private fundIsDistressed = false;
  /** What longs are valued at, and shorts: the same, unless the mark design tells them apart. */
  private longMark: Ticks = NaN;
  private shortMark: Ticks = NaN;

  constructor(parts: LiquidationParts) {
    this.parts = parts;
    this.stepHandler = parts.kernel.register((account, what) =>
      what === STEP ? this.step(account) : this.claim(account),
    );
    this.unwindHandler = parts.kernel.register(() => this.unwindFund());
    this.deleverageFundHandler = parts.kernel.register(() => this.deleverageFund());
  }

  isDistressed(account: AccountId): boolean {
    return this.distressed.size > 0 && this.distressed.has(account); // asked at each order, and mostly nobody is
  }

  /** A new mark: every account that it breaks is put under liquidation, the nearest first. */
  onMark(longMark: Ticks, broken: Int32Array, count: number, shortMark = longMark): void {
    this.longMark = longMark;
    this.shortMark = shortMark;
    for (let i = 0; i < count; i++) this.begin(broken[i]);
    if (!this.fundIsSound() && !this.fundIsDistressed) {
      this.fundIsDistressed = true;
      this.parts.kernel.after(this.parts.settings.latency, Phase.WATERFALL, this.deleverageFundHandler);
    }
  }

  private fundIsSound(): boolean {
    return this.parts.fund.lots === 0 || this.parts.fund.equity(this.markOf(INSURANCE_FUND)) >= 0;
  }

  private markOf(account: AccountId): Ticks {
    return this.parts.accounts.lots[account] > 0 ? this.longMark : this.shortMark;
  }

  private begin(account: AccountId): void {
    assert(!this.distressed.has(account), 'an account was liquidated twice at once');
    this.distressed.set(account, { started: false, orders: 0, lastFilled: NaN, steps: 0, keeper: NaN });
    this.parts.journal.liquidationBegan(account, this.markOf(account));
    this.claim(account);
  }

  /** Asks for somebody who takes the next step, not before the given time. */
  private claim(account: AccountId, notBefore: Micros = this.parts.kernel.now): void {
    const { kernel, accounts, keepers } = this.parts;
    const state = this.distressed.get(account)!;
    const { now } = kernel;
    const answer = keepers.claim({
      account,
      now,
      notBefore,
      steps: state.steps,
      notional: accounts.notional(account, this.markOf(account)),
      equity: accounts.equity(account, this.markOf(account)),
    });
    if (answer.kind === 'acts') {
      state.keeper = answer.keeper;
      kernel.at(answer.at, Phase.LIQUIDATION, this.stepHandler, account, STEP);
    } else {
      assert(answer.until > now, 'keepers who refuse must let time pass');
      kernel.at(answer.until, Phase.LIQUIDATION, this.stepHandler, account, CLAIM_AGAIN);
    }
  }

  private step(account: AccountId): void {
    const { accounts, market, policy, schedule, kernel } = this.parts;
    const state = this.distressed.get(account)!;
    const lots = accounts.lots[account];
    if (lots === 0) return this.finish(account, 'deleveraged');
    if (!isDistressed(schedule, accounts.ledger.balance[account], lots, this.markOf(account)))
      return this.finish(account, 'recovered');

    if (!state.started) this.start(account);
    state.started = true;
    const step = policy.next(this.describe(account), this.view(this.markOf(account)));
    switch (step.kind) {
      case 'wait':
        assert(step.until > kernel.now, 'a policy that waits must let time pass');
        state.lastFilled = NaN;
        return this.claim(account, step.until);
      case 'order': {
        const filled = market.trade(account, { side: closingSide(lots), ...step });
        state.orders++;
        state.lastFilled = filled.lots;
        this.chargeFee(account, filled.value);
        this.parts.journal.forcedTrade(account, filled.lots, filled.value);
        this.rewardKeeper(account, filled.value);
        if (accounts.lots[account] === 0) return this.finish(account, 'closed');
        return this.claim(account);
      }
      case 'take-over':
        this.rewardKeeper(account, accounts.notional(account, this.markOf(account)));
        this.parts.fund.takeOver(account, this.markOf(account));
        this.startUnwinding();
        return this.finish(account, 'taken-over');
      case 'deleverage':
        if (this.parts.waterfall.deleverage(account, this.markOf(account)) === 0)
          return this.finish(account, 'deleveraged');
        return this.claim(account, kernel.now + NOBODY_LEFT_RETRY);
    }
  }

  private start(account: AccountId): void {
    this.parts.market.cancelOrders(account);
    this.parts.journal.firstStep(account, this.parts.accounts.equity(account, this.markOf(account)));
  }

  /** The fee goes to the fund as far as equity lasts: it is waived for a bankrupt account. */
  private chargeFee(account: AccountId, value: Money): void {
    const fee = ppmOfRoundedUp(value, this.parts.settings.fee);
    this.parts.fund.receive(
      account,
      Math.min(fee, Math.max(0, this.parts.accounts.equity(account, this.markOf(account)))),
    );
  }

  private rewardKeeper(account: AccountId, value: Money): void {
    const { accounts, keepers, kernel, journal } = this.parts;
    const state = this.distressed.get(account)!;
    const { keeper } = state;
    state.steps++;
    const owed = keepers.reward?.({ keeper, account, now: kernel.now, value }) ?? 0;
    const paid = Math.min(owed, Math.max(0, accounts.equity(account, this.markOf(account))));
    accounts.ledger.transfer(account, OUTSIDE, paid);
    journal.stepTaken(account, keeper, paid);
  }

  private finish(account: AccountId, end: LiquidationEnd): void {
    const { accounts, waterfall, index, journal } = this.parts;
    this.distressed.delete(account);
    if (accounts.lots[account] === 0 && accounts.ledger.balance[account] < 0)
      waterfall.coverShortfall(account, this.markOf(account));
    index.update(account);
    journal.liquidationEnded(account, end);
  }

  private describe(account: AccountId): Distressed {
    const { accounts } = this.parts;
    const lots = accounts.lots[account];
    const balance = accounts.ledger.balance[account];
    return {
      lots,
      balance,
      equity: accounts.equity(account, this.markOf(account)),
      bankruptcyPrice: bankruptcyPrice(balance, lots, this.parts.market.contract),
      ...this.distressed.get(account)!,
    };
  }

  private view(mark: Ticks): LiquidationView {
    const { kernel, market, schedule, fund, settings } = this.parts;
    return {
      now: kernel.now,
      mark,
      schedule,
      liquidationFee: settings.fee,
      takerFee: market.contract.takerFee,
      bandLimit: (side) => market.bandLimit(side),
      averagePrice: (side, lots) => market.averagePrice(side, lots),
      fundHeadroom: () => fund.headroom(mark),
    };
  }

  private startUnwinding(): void {
    if (this.unwinding) return;
    this.unwinding = true;
    this.parts.kernel.after(this.parts.settings.unwindEvery, Phase.WATERFALL, this.unwindHandler);
  }

  /**
   * The fund sells a share of what it holds, again and again, until it holds nothing; never so low that it could not pay:
   * if the mark follows, it is deleveraged instead.
   */
  private unwindFund(): void {
    const { accounts, fund, market, journal, settings, kernel } = this.parts;
    this.unwinding = false;
    if (fund.lots === 0) return;
    const side = closingSide(fund.lots);
    const lots = Math.max(1, Math.ceil(Math.abs(fund.lots) * settings.unwindShare));
    const ruin = bankruptcyPrice(accounts.ledger.balance[INSURANCE_FUND], fund.lots, market.contract);
    const limit = stricter(
      side,
      market.bandLimit(side),
      limitAfterFee(side, ruin, market.contract.takerFee, market.contract),
    );
    const filled = market.trade(INSURANCE_FUND, { side, lots, limit, timeInForce: TimeInForce.IOC });
    journal.forcedTrade(INSURANCE_FUND, filled.lots, filled.value);
    if (fund.lots !== 0) {
      this.unwinding = true;
      kernel.after(settings.unwindEvery, Phase.WATERFALL, this.unwindHandler);
    }
  }

  /** The fund itself is under water: its inventory goes to the winners at the price where it has just nothing left. */
  private deleverageFund(): void {
    this.fundIsDistressed = false;
    if (!this.fundIsSound()) this.parts.waterfall.deleverage(INSURANCE_FUND, this.markOf(INSURANCE_FUND));
  }
}
