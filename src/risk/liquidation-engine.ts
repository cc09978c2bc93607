import type { Accounts } from '../accounts/accounts.ts';
import { OUTSIDE } from '../accounts/ledger.ts';
import type { AccountId } from '../accounts/ledger.ts';
import type { LiquidationIndex } from '../accounts/liquidation-index.ts';
import { bankruptcyPrice, isDistressed } from '../accounts/margin.ts';
import type { MarginSchedule } from '../accounts/margin.ts';
import { assert } from '../base/check.ts';
import { ppmOfRoundedUp, SECOND } from '../base/units.ts';
import type { Lots, Micros, Money, Ppm, Side, Ticks } from '../base/units.ts';
import type { EventId } from '../kernel/event-queue.ts';
import { Phase } from '../kernel/kernel.ts';
import type { HandlerId, Kernel } from '../kernel/kernel.ts';
import { notionalOf } from '../market/contract.ts';
import type { Contract } from '../market/contract.ts';
import { TimeInForce } from '../market/order.ts';
import type { AdlPrice } from './adl/adl-price.ts';
import type { InsuranceFund } from './insurance-fund.ts';
import type { KeeperId, Keepers } from './keepers/keepers.ts';
import { closingSide } from './liquidation/liquidation-policy.ts';
import type {
  Distressed,
  LiquidationPolicy,
  LiquidationView,
  Step,
} from './liquidation/liquidation-policy.ts';
import type { LiquidationEnd, RiskJournal } from './risk-journal.ts';
import type { AdlTrigger } from './triggers/adl-trigger.ts';
import { unwindingOrder } from './unwinding.ts';
import type { UnwindSettings } from './unwinding.ts';
import { shareOf } from './vault.ts';
import type { Vault } from './vault.ts';
import type { Waterfall } from './waterfall.ts';

/** What the engine may do in the market. */
export interface ForcedTrading {
  readonly contract: Contract;
  /** Worst price that the band lets an order of this side trade at. */
  bandLimit(side: Side): Ticks;
  averagePrice(side: Side, lots: Lots): Ticks;
  /** Lots that an order of this side and limit would find now. */
  lotsWithin(side: Side, limit: Ticks): Lots;
  cancelOrders(account: AccountId): void;
  /** From when on orders of liquidations are taken; in the past unless trading is halted. */
  readonly liquidatesFrom: Micros;
  /** Sends an order into the book and settles it; returns the lots filled and their notional. */
  trade(account: AccountId, order: ForcedOrder): { lots: Lots; value: Money };
}

export interface ForcedOrder {
  readonly side: Side;
  readonly lots: Lots;
  readonly limit: Ticks;
  readonly timeInForce: TimeInForce;
}

export interface LiquidationSettings extends UnwindSettings {
  /** From the mark that takes the fund under water to its deleveraging. */
  readonly latency: Micros;
  readonly fee: Ppm;
  /** At which price winners are deleveraged. */
  readonly adlPrice: AdlPrice;
}

/** A vault that positions are handed to while their margin still covers something. */
export interface Backstop {
  readonly vault: Vault;
  readonly unwind: UnwindSettings;
}

export interface LiquidationParts {
  readonly kernel: Kernel;
  readonly accounts: Accounts;
  readonly schedule: MarginSchedule;
  /** Where accounts go that are done with. */
  readonly index: Pick<LiquidationIndex, 'update'>;
  readonly policy: LiquidationPolicy;
  readonly keepers: Keepers;
  readonly fund: InsuranceFund;
  readonly backstop?: Backstop | undefined;
  readonly trigger: AdlTrigger;
  readonly waterfall: Waterfall;
  readonly market: ForcedTrading;
  readonly journal: RiskJournal;
  readonly settings: LiquidationSettings;
  indexPrice(): Ticks;
  /**
   * Whether the margins of an account with positions in several contracts are no longer covered; undefined where there is one
   * contract. Whoever decides what becomes of it after a liquidation asks the same: sums in another order might differ in the last bit.
   */
  isBroken?(account: AccountId): boolean | undefined;
}

/** A liquidation under way. */
interface Liquidation {
  readonly since: Micros;
  started: boolean;
  orders: number;
  lastFilled: Lots;
  steps: number;
  seized: boolean;
  /** Price of its order that may still hang in the book; NaN for none. */
  restingLimit: Ticks;
  /** Who takes the next step. */
  keeper: KeeperId;
  /** That step, or the next claim. */
  next: EventId;
}

/** A vault with its positions, and what is under way about them. */
interface Inventory {
  readonly vault: Vault;
  readonly unwind: UnwindSettings;
  unwinding: boolean;
  isDistressed: boolean;
}

/** What the step handler is to do, as its second argument. */
const STEP = 0;
const CLAIM_AGAIN = 1;

/** Places in `inventories`, as the argument of their events. */
const FUND = 0;
const BACKSTOP = 1;

/** How long to wait when there was nobody left to deleverage against, or to share a loss. */
const NOBODY_LEFT_RETRY: Micros = SECOND;

/**
 * Winds up accounts whose margin has given out. Asynchronous: a mark breaks an account, a keeper comes when `Keepers` say, the policy
 * names one step, the step is carried out in the market, the next keeper comes. Everything the orders do to the book
 * and hence to the mark happens between two steps, by the ordinary path.
 *
 * An account *may break* (it lies in the liquidation index), *is distressed* (it is here), *is done with* (flat, or its
 * margin holds again and it goes back into the index).
 */
export class LiquidationEngine {
  private readonly parts: LiquidationParts;
  private readonly stepHandler: HandlerId;
  private readonly unwindHandler: HandlerId;
  private readonly deleverageVaultHandler: HandlerId;
  private readonly distressed = new Map<AccountId, Liquidation>();
  /** lastFillAt: when an order of the engine last closed something of an account. */
  private readonly lastFillAt = new Map<AccountId, Micros>();
  private readonly inventories: readonly Inventory[];
  /** What longs are valued at, and shorts: the same, unless the mark design tells them apart. */
  private longMark: Ticks = NaN;
  private shortMark: Ticks = NaN;
  /** The marks have been taken before they are checked. */
  private isAhead = false;
  /** The same at the mark before. */
  private previousLongMark: Ticks = NaN;
  private previousShortMark: Ticks = NaN;

  constructor(parts: LiquidationParts) {
    this.parts = parts;
    const { fund, settings, backstop, kernel } = parts;
    const idle = { unwinding: false, isDistressed: false };
    this.inventories = [
      { vault: fund, unwind: settings, ...idle },
      ...(backstop === undefined ? [] : [{ ...backstop, ...idle }]),
    ];
    this.stepHandler = kernel.register((account, what) =>
      what === STEP ? this.step(account) : this.claim(account),
    );
    this.unwindHandler = kernel.register((which) => this.unwind(this.inventories[which], which));
    this.deleverageVaultHandler = kernel.register((which) => this.deleverageVault(this.inventories[which]));
  }

  /** Its events by name. */
  get handlers(): Readonly<Record<string, HandlerId>> {
    return {
      'liquidation-step': this.stepHandler,
      'vault-unwinds': this.unwindHandler,
      'vault-is-deleveraged': this.deleverageVaultHandler,
    };
  }

  /** What positions are valued at before the first mark, where another contract's mark may break an account that early. */
  startAt(mark: Ticks): void {
    this.longMark = mark;
    this.shortMark = mark;
  }

  isDistressed(account: AccountId): boolean {
    return this.distressed.size > 0 && this.distressed.has(account); // asked at each order, and mostly nobody is
  }

  /** A new mark: every account that it breaks is put under liquidation, the nearest first. */
  onMark(longMark: Ticks, broken: Int32Array, count: number, shortMark = longMark): void {
    if (!this.isAhead) this.takeMarks(longMark, shortMark);
    this.isAhead = false;
    const { kernel, trigger, fund, settings } = this.parts;
    trigger.observe?.(kernel.now, fund.equity(this.markOf(fund.account)));
    for (let i = 0; i < count; i++) this.begin(broken[i]);
    this.inventories.forEach((inventory, which) => {
      if (inventory.isDistressed || this.isSound(inventory)) return;
      inventory.isDistressed = true;
      kernel.after(settings.latency, Phase.WATERFALL, this.deleverageVaultHandler, which);
    });
  }

  /**
   * Another contract's mark has broken an account in this instant: where the marks here are new too and have not been checked, it is
   * valued at them all the same.
   */
  lookAhead(longMark: Ticks, shortMark: Ticks): void {
    if (longMark === this.longMark && shortMark === this.shortMark) return;
    this.takeMarks(longMark, shortMark);
    this.isAhead = true;
  }

  private takeMarks(longMark: Ticks, shortMark: Ticks): void {
    const isFirst = Number.isNaN(this.longMark);
    this.previousLongMark = isFirst ? longMark : this.longMark;
    this.previousShortMark = isFirst ? shortMark : this.shortMark;
    this.longMark = longMark;
    this.shortMark = shortMark;
  }

  private markOf(account: AccountId): Ticks {
    return this.parts.accounts.lots[account] > 0 ? this.longMark : this.shortMark;
  }

  /** A resting order of a distressed account was filled. */
  onRestingFill(account: AccountId, lots: Lots, value: Money): void {
    const state = this.distressed.get(account)!;
    // One of its own, which nobody has cancelled yet, is no step of the liquidation.
    if (Number.isNaN(state.restingLimit)) return;
    this.noteFill(account, lots, value);
    if (this.parts.accounts.lots[account] !== 0) return;
    state.restingLimit = NaN;
    this.parts.kernel.cancel(state.next);
    this.finish(account, 'closed');
  }

  /** Puts an account under liquidation that another contract's mark has broken, or that is still distressed after another's liquidation. */
  begin(account: AccountId): void {
    assert(!this.distressed.has(account), 'an account was liquidated twice at once');
    this.distressed.set(account, {
      since: this.parts.kernel.now,
      started: false,
      orders: 0,
      lastFilled: NaN,
      steps: 0,
      seized: false,
      restingLimit: NaN,
      keeper: NaN,
      next: NaN,
    });
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
    state.next = kernel.lastScheduled;
  }

  private step(account: AccountId): void {
    const { accounts, policy, schedule } = this.parts;
    const state = this.distressed.get(account)!;
    const lots = accounts.lots[account];
    if (lots === 0) return this.finish(account, 'deleveraged');
    const isBroken =
      this.parts.isBroken?.(account) ??
      isDistressed(schedule, accounts.backing(account), lots, this.markOf(account));
    if (!state.seized && !isBroken) return this.finish(account, 'recovered');
    const { liquidatesFrom } = this.parts.market;
    if (liquidatesFrom > this.parts.kernel.now) return this.claim(account, liquidatesFrom);

    if (!state.started) this.start(account);
    state.started = true;
    const view = this.view(this.markOf(account));
    this.carryOut(account, state, policy.next(this.describe(account, state), view));
  }

  private carryOut(account: AccountId, state: Liquidation, step: Step): void {
    const { kernel } = this.parts;
    if (step.kind === 'wait') {
      assert(step.until > kernel.now, 'a policy that waits must let time pass');
      state.lastFilled = NaN;
      return this.claim(account, step.until);
    }
    if (!Number.isNaN(state.restingLimit)) this.parts.market.cancelOrders(account);
    state.restingLimit = NaN;
    switch (step.kind) {
      case 'order':
        return this.sendOrder(account, state, step);
      case 'take-over':
        return this.takeOver(account, state, step);
      case 'deleverage':
        return this.deleverage(account, step.price);
      case 'socialise':
        return this.socialise(account);
    }
  }

  private sendOrder(account: AccountId, state: Liquidation, step: Step & { kind: 'order' }): void {
    const { accounts, market } = this.parts;
    const lots = accounts.lots[account];
    const balance = accounts.cash(account);
    state.orders++;
    state.seized ||= step.seizes ?? false;
    const filled = market.trade(account, { side: closingSide(lots), ...step });
    state.lastFilled = filled.lots;
    if (step.surplusFee === undefined) this.chargeFee(account, filled.value);
    else if (filled.lots > 0) {
      const due = balance - shareOf(balance, lots, filled.lots);
      this.settleSurplus(account, due, Math.ceil(filled.value * step.surplusFee));
    }
    this.noteFill(account, filled.lots, filled.value);
    this.rewardKeeper(account, filled.value);
    if (accounts.lots[account] === 0) return this.finish(account, 'closed');
    if (step.timeInForce === TimeInForce.GTC) state.restingLimit = step.limit;
    this.claim(account, step.notBefore);
  }

  /**
   * What the balance of an account exceeds `due` goes to the fund, up to `most`; what it falls short of it, the fund pays.
   */
  private settleSurplus(account: AccountId, due: Money, most: Money): void {
    const { accounts, fund } = this.parts;
    const surplus = accounts.cash(account) - due;
    if (surplus >= 0) fund.receive(account, Math.min(surplus, most));
    else fund.cover(account, -surplus, this.markOf(account));
  }

  private takeOver(account: AccountId, state: Liquidation, step: Step & { kind: 'take-over' }): void {
    const { accounts, market } = this.parts;
    const which = step.by === 'fund' ? FUND : BACKSTOP;
    const { vault } = this.inventories[which];
    const mark = this.markOf(account);
    const value = notionalOf(market.contract, step.lots, mark);
    this.rewardKeeper(account, value);
    vault.takeOver({ ...step, account }, mark);
    this.parts.journal.handedOver(account, vault.account);
    state.lastFilled = NaN;
    if (step.price === 'mark') {
      const reward = this.pay(account, vault.account, Math.round(value * (step.reward ?? 0)));
      if (step.by === 'fund') this.parts.journal.attributed(account, 'paid-in', reward);
      this.chargeFee(account, value);
    }
    this.startUnwinding(which);
    if (accounts.lots[account] === 0)
      return this.finish(account, step.by === 'fund' ? 'taken-over' : 'backstopped');
    this.claim(account, step.notBefore);
  }

  private deleverage(account: AccountId, price: AdlPrice): void {
    const { waterfall, kernel, accounts, market } = this.parts;
    const mark = this.markOf(account);
    const lots = Math.abs(accounts.lots[account]);
    if (price === 'bankruptcy') waterfall.fundPaysFirst(account, mark);
    const rest = waterfall.deleverage(account, { mark, ...this.adlTicks(account, price) });
    this.rewardKeeper(account, notionalOf(market.contract, lots - rest, mark));
    if (rest === 0) return this.finish(account, 'deleveraged');
    this.claim(account, kernel.now + NOBODY_LEFT_RETRY);
  }

  private adlTicks(loser: AccountId, price: AdlPrice): { readonly price?: Ticks } {
    switch (price) {
      case 'bankruptcy':
        return {};
      case 'mark':
        return { price: this.markOf(loser) };
      case 'previous-mark':
        return {
          price: this.parts.accounts.lots[loser] > 0 ? this.previousLongMark : this.previousShortMark,
        };
      case 'index':
        return { price: Math.max(1, Math.round(this.parts.indexPrice())) };
    }
  }

  private socialise(account: AccountId): void {
    const { waterfall, kernel, fund, accounts } = this.parts;
    const mark = this.markOf(account);
    if (waterfall.socialise(account, mark) > 0) return this.claim(account, kernel.now + NOBODY_LEFT_RETRY);
    fund.takeOver({ account, lots: Math.abs(accounts.lots[account]), price: 'bankruptcy' }, mark);
    this.parts.journal.handedOver(account, fund.account);
    this.startUnwinding(FUND);
    this.finish(account, 'taken-over');
  }

  private start(account: AccountId): void {
    this.parts.market.cancelOrders(account);
    this.parts.journal.firstStep(account, this.parts.accounts.equity(account, this.markOf(account)));
  }

  private noteFill(account: AccountId, lots: Lots, value: Money): void {
    if (lots > 0) this.lastFillAt.set(account, this.parts.kernel.now);
    this.parts.journal.forcedTrade(account, lots, value);
  }

  /** The fee goes to the fund as far as equity lasts: it is waived for a bankrupt account. */
  private chargeFee(account: AccountId, value: Money): void {
    const fee = ppmOfRoundedUp(value, this.parts.settings.fee);
    this.parts.fund.receive(account, this.affordable(account, fee));
  }

  private rewardKeeper(account: AccountId, value: Money): void {
    const { keepers, kernel, journal } = this.parts;
    const state = this.distressed.get(account)!;
    const { keeper } = state;
    state.steps++;
    const work = { keeper, account, now: kernel.now, value };
    const owed = keepers.reward?.(work) ?? 0;
    const paid =
      keepers.rewardFrom === 'fund' ? this.payFromFund(account, owed) : this.pay(account, OUTSIDE, owed);
    journal.stepTaken(account, keeper, { reward: paid, cost: keepers.cost?.({ ...work, paid }) ?? 0 });
  }

  /** What the account at hand lacks comes before its keeper. */
  private payFromFund(account: AccountId, owed: Money): Money {
    const lack = Math.max(0, -this.parts.accounts.equity(account, this.markOf(account)));
    return this.parts.fund.reward(owed, { mark: this.markOf(this.parts.fund.account), lack });
  }

  /** Pays as far as equity lasts; returns what was paid. */
  private pay(account: AccountId, to: AccountId, owed: Money): Money {
    const paid = this.affordable(account, owed);
    if (paid > 0) this.parts.accounts.ledger.transfer(account, to, paid);
    return paid;
  }

  private affordable(account: AccountId, amount: Money): Money {
    return Math.min(amount, Math.max(0, this.parts.accounts.equity(account, this.markOf(account))));
  }

  private finish(account: AccountId, end: LiquidationEnd): void {
    const { accounts, waterfall, fund, index, journal } = this.parts;
    const { seized, restingLimit } = this.distressed.get(account)!;
    if (!Number.isNaN(restingLimit)) this.parts.market.cancelOrders(account);
    this.distressed.delete(account);
    if (accounts.isFlat(account)) {
      if (seized) waterfall.forfeit(account);
      const left = accounts.ledger.balance[account];
      if (left < 0) waterfall.coverShortfall(account, this.markOf(account));
      else if (seized) fund.receive(account, left);
    }
    index.update(account);
    journal.liquidationEnded(account, end);
  }

  private describe(account: AccountId, state: Liquidation): Distressed {
    const { accounts } = this.parts;
    const lots = accounts.lots[account];
    const balance = accounts.cash(account);
    return {
      lots,
      balance,
      otherMaintenance: accounts.maintenanceElsewhere(account),
      equity: accounts.equity(account, this.markOf(account)),
      bankruptcyPrice: bankruptcyPrice(balance, lots, this.parts.market.contract),
      since: state.since,
      orders: state.orders,
      lastFilled: state.lastFilled,
      lastFillAt: this.lastFillAt.get(account) ?? -Infinity,
      seized: state.seized,
      restingLimit: state.restingLimit,
    };
  }

  private view(mark: Ticks): LiquidationView {
    const { kernel, market, schedule, waterfall, trigger, settings } = this.parts;
    return {
      now: kernel.now,
      mark,
      schedule,
      liquidationFee: settings.fee,
      takerFee: market.contract.takerFee,
      adlPrice: settings.adlPrice,
      bandLimit: (side) => market.bandLimit(side),
      averagePrice: (side, lots) => market.averagePrice(side, lots),
      fundHeadroom: () => waterfall.fundHeadroom(mark),
      backstopHeadroom: () => this.inventories[BACKSTOP]?.vault.headroom(mark) ?? 0,
      bearer: (account) => trigger.bearer(account, waterfall.fundHeadroom(mark)),
    };
  }

  private startUnwinding(which: number): void {
    const inventory = this.inventories[which];
    if (inventory.unwinding) return;
    inventory.unwinding = true;
    this.parts.kernel.after(inventory.unwind.unwindEvery, Phase.WATERFALL, this.unwindHandler, which);
  }

  /**
   * A vault sells a share of what it holds, again and again, until it holds nothing; never so low that it could not pay:
   * if the mark follows, it is deleveraged instead.
   */
  private unwind(inventory: Inventory, which: number): void {
    const { vault, unwind } = inventory;
    const { market, accounts, journal } = this.parts;
    inventory.unwinding = false;
    if (vault.lots === 0) return;
    const mark = this.markOf(vault.account);
    const ruin = bankruptcyPrice(accounts.cash(vault.account), vault.lots, market.contract);
    const order = unwindingOrder({ lots: vault.lots, ruin, mark }, unwind, market);
    if (order.lots > 0) {
      const filled = market.trade(vault.account, { ...order, timeInForce: TimeInForce.IOC });
      journal.forcedTrade(vault.account, filled.lots, filled.value);
    }
    if (vault.lots !== 0) this.startUnwinding(which);
  }

  /** Whether a vault can still bear its positions. The fund may have a floor; the backstop bears to its end. */
  private isSound({ vault }: Inventory): boolean {
    return vault.lots === 0 || vault.equity(this.markOf(vault.account)) >= this.floorOf(vault);
  }

  private floorOf(vault: Vault): Money {
    return vault === this.parts.fund ? this.parts.trigger.floor() : 0;
  }

  /**
   * A vault is under water: its inventory goes to the winners at the price where it has just its floor left. The backstop's goes at the
   * price at which accounts are deleveraged, and what it lacks then goes down the waterfall.
   */
  private deleverageVault(inventory: Inventory): void {
    const { waterfall, trigger, settings, accounts, fund } = this.parts;
    const { vault } = inventory;
    inventory.isDistressed = false;
    if (this.isSound(inventory)) return;
    const mark = this.markOf(vault.account);
    if (!trigger.deleverages) {
      // Whoever stands behind the backstop bears its loss.
      if (vault === fund) waterfall.socialise(vault.account, mark);
      return;
    }
    const price = vault === fund ? {} : this.adlTicks(vault.account, settings.adlPrice);
    waterfall.deleverage(vault.account, { mark, keep: this.floorOf(vault), ...price });
    if (accounts.isFlat(vault.account) && accounts.ledger.balance[vault.account] < 0)
      waterfall.coverShortfall(vault.account, mark);
  }
}
