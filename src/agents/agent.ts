import type { RandomSource } from '../base/random.ts';
import type { Lots, Micros, Money, Side, Ticks } from '../base/units.ts';
import type { Contract } from '../market/contract.ts';

/** The market as a population sees it: as it was one data latency ago. Prices are NaN while there are none. */
export interface SeenMarket {
  readonly bid: Ticks;
  readonly ask: Ticks;
  readonly last: Ticks;
  readonly index: Ticks;
  readonly mark: Ticks;
}

/**
 * Everything an agent can see and do. It never touches the world: orders arrive after the population's order latency, in the
 * order they were sent; the market is seen late; each source of randomness has its own stream.
 */
export interface Desk {
  readonly contract: Contract;
  readonly now: Micros;
  readonly seen: SeenMarket;
  /** Named streams of this population. */
  readonly random: RandomSource;
  /** Willingness to provide liquidity, set by shocks: 1 is normal, 0 is none. */
  readonly appetite: number;

  /** Signed position of a member. */
  lots(member: number): Lots;
  /** Cash of a member less what it started with: with the value of its position its profit so far. */
  cashFlow(member: number): Money;

  /**
   * Sets the one resting order of a slot to `lots` at `price` (post-only), replacing what rests there; 0 lots takes it away.
   * A smaller size at the same price keeps its place in the queue. It lapses as `quoteLifetime` says.
   */
  quote(member: number, slot: number, order: { side: Side; lots: Lots; price: Ticks }): void;
  /** What rests in a slot now; 0 lots when nothing does. */
  restingLots(member: number, slot: number): Lots;
  restingPrice(member: number, slot: number): Ticks;
  /** An immediate-or-cancel order. `reduceOnly` never opens or turns a position. */
  take(member: number, order: { side: Side; lots: Lots; limit: Ticks; reduceOnly: boolean }): void;
  /** A limit for `take` that trades at any price the exchange's band allows. */
  marketLimit(side: Side): Ticks;
  /** Wakes the member when the price that triggers stops reaches `price` from above (`side` −1) or below (+1); one of either side a member. */
  stopAt(member: number, side: Side, price: Ticks): void;

  /**
   * Lots of the positions that the mark breaks between two prices, as known at the last mark one data latency ago: longs below the mark,
   * shorts above. Only for populations with a `mapReach`, and as far from the mark as that.
   */
  liquidationsWithin(priceFrom: Ticks, priceTo: Ticks): Lots;

  /** Trades `lots` (signed) on the venues outside, at once; moves them as far as they are movable. */
  tradeOutside(lots: Lots): void;
  wakeAt(member: number, time: Micros): void;
}

/** Opens the accounts of a population before the first event. */
export interface Opening {
  readonly contract: Contract;
  readonly random: RandomSource;
  /** Price at the start, ticks. */
  readonly price: Ticks;
  /** Signed sum of all positions opened so far, over all populations. */
  readonly netLots: Lots;
  /** Gives a member its collateral and, if `lots` is not 0, a position entered at `entry`. */
  open(member: number, account: { collateral: Money; lots: Lots; entry: Ticks }): void;
  /** Whether such an account would be liquidated once the price has moved against it by the share `adverse`. */
  wouldBreak(account: { collateral: Money; lots: Lots; entry: Ticks }, adverse: number): boolean;
  /** Collateral with which such a position breaks at the whole tick `breaksAt` and at none before it. */
  collateralFor(position: { lots: Lots; entry: Ticks; breaksAt: Ticks }): Money;
  /** The other contracts of the exchange, in which an account may hold positions on the same collateral. */
  readonly others: readonly OtherContract[];
  /** Largest leverage the margin rule allows for a position of so many lots at the price of the start. */
  maxLeverage(lots: Lots): number;
  /** Where the run leaves others with the same past, in the order of time; empty for a run by itself. */
  readonly unseen: readonly Unseen[];
}

/**
 * What the marks have not reached when a run leaves its past. Nothing that has happened depends on it, so it may be drawn from
 * `random` instead, if it is independent of what the marks have reached.
 */
export interface Unseen {
  /** Below this mark, and above `above`, in ticks. */
  readonly below: Ticks;
  readonly above: Ticks;
  /** The population's source of randomness from there on. */
  readonly random: RandomSource;
}

/** A contract besides that of the population. */
export interface OtherContract {
  readonly contract: Contract;
  /** Price at the start, ticks. */
  readonly price: Ticks;
  /** Gives a member a position there, on the collateral it has been given. */
  open(member: number, position: { lots: Lots; entry: Ticks }): void;
}

/** A kind of trader: `size` members, kept in arrays, most of them asleep. */
export interface Population {
  readonly size: number;
  /** Resting orders a member may have at once. */
  readonly slots: number;
  /** Whether its accounts are subject to liquidation. Professionals with their own risk limits are not. */
  readonly margined: boolean;
  /** Opened after all others: takes the other side of their net position. */
  readonly balancing: boolean;
  /** How far from the mark it sees liquidation prices, a share of the mark; not at all unless said. */
  readonly mapReach?: number;
  /** Quotes are good for so long after they last reached the exchange, which then takes them away; until cancelled unless said. */
  readonly quoteLifetime?: Micros;
  /** Draws the accounts. Keeps nothing for `start`: accounts drawn for another arm of the replicate are used again. */
  open(opening: Opening): void;
  start(desk: Desk): void;
  wake(member: number, desk: Desk): void;
  /** A stop set by `stopAt` was reached. */
  stopped?(member: number, desk: Desk): void;
  /** An order of the member traded; `side` and `lots` are the member's own. */
  filled?(member: number, side: Side, lots: Lots, desk: Desk): void;
}

/** What an agent kind is built from. */
export interface AgentParts {
  readonly contract: Contract;
  /** Price at the start of the run. */
  readonly startPrice: Ticks;
}

/** Half the touch, or the last trade, or the index: the best guess of the local price. NaN when nothing is known. */
export function seenPrice(seen: SeenMarket): Ticks {
  const mid = (seen.bid + seen.ask) / 2;
  if (mid === mid) return mid;
  return seen.last === seen.last ? seen.last : seen.index;
}
