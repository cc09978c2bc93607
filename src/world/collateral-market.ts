import { CollateralAsset } from '../accounts/collateral-asset.ts';
import type { Ledger } from '../accounts/ledger.ts';
import type { RandomSource } from '../base/random.ts';
import { PPM } from '../base/units.ts';
import type { Micros, Money, Ticks } from '../base/units.ts';
import { Phase } from '../kernel/kernel.ts';
import type { Kernel } from '../kernel/kernel.ts';
import { moneyFromQuote } from '../market/contract.ts';
import type { Contract } from '../market/contract.ts';
import type { Feed } from '../prices/feed.ts';
import { FundamentalPrice } from '../prices/fundamental-price.ts';
import { IndexPrice } from '../prices/index-price.ts';
import type { Creator } from './create.ts';
import type { Handlers } from './handlers.ts';
import { feedsFrom, FUNDAMENTAL_EVERY, scheduleFeeds } from './price-feeds.ts';
import type { CollateralSettings } from './scenario.ts';

export interface CollateralMarketParts {
  readonly name: string;
  readonly settings: CollateralSettings;
  /** Its money is what the asset is valued in. */
  readonly contract: Contract;
  readonly cash: Ledger;
  readonly endOfRun: Micros;
  /** Its prices in the arm that is replayed; its own when left out. */
  readonly replayed?: Float64Array | undefined;
  readonly kernel: Kernel;
  readonly handlers: Handlers;
  readonly create: Creator;
  readonly random: RandomSource;
  /** The index has moved, as every so often: who holds the asset may have broken. */
  readonly onPrice: () => void;
  /** Units were seized that are worth so much. */
  readonly onSeized: (worth: Money) => void;
}

/**
 * A collateral asset and where its price comes from: a fundamental price, venues that follow it and an index made of them, apart from
 * those of every contract. Positions are backed by the index, or the floor where that is higher. What the exchange seizes may
 * be sold on one of the venues, and moves it.
 */
export class CollateralMarket {
  readonly name: string;
  readonly asset: CollateralAsset;
  readonly fundamental: FundamentalPrice;
  readonly feeds: readonly Feed[];
  /** prices[n]: the n-th index of the run, which the open-loop arm replays. */
  readonly prices: Float64Array;
  private readonly parts: CollateralMarketParts;
  private readonly index: IndexPrice;
  private readonly startPrice: Ticks;
  private readonly floor: Ticks;
  private count = 0;

  constructor(parts: CollateralMarketParts) {
    const { name, settings, contract, cash, random, create } = parts;
    const { price, tick, unit, haircut, conversionFee, fundamental, feeds, index, floor } = settings;
    this.parts = parts;
    this.name = name;
    this.startPrice = Math.round(price / tick);
    this.floor = Math.round(floor / tick);
    this.asset = new CollateralAsset({
      terms: {
        unitMoney: (unit * tick) / contract.moneyUnit,
        haircut: Math.round(haircut * PPM),
        conversionFee: Math.round(conversionFee * PPM),
      },
      cash,
      startPrice: Math.max(this.floor, this.startPrice),
      onSeized: (worth) => this.onSeized(worth),
    });
    const process = create.fundamental(fundamental, { random: random.stream('fundamental') });
    this.fundamental = new FundamentalPrice(process, this.startPrice);
    this.feeds = feedsFrom(feeds, { random, moneyFrom: (quote) => moneyFromQuote(contract, quote) });
    this.index = new IndexPrice({
      ...index,
      sources: this.feeds,
      weights: this.feeds.map((feed) => index.weights[feed.name] ?? 0),
      rule: create.index(index, undefined),
      start: this.startPrice,
    });
    this.prices = new Float64Array(Math.floor(parts.endOfRun / index.every) + 1);
  }

  /** Schedules everything that happens by itself. */
  start(): void {
    const { kernel, handlers, random, settings, onPrice } = this.parts;
    const { fundamental, startPrice } = this;
    handlers.repeat('fundamental', FUNDAMENTAL_EVERY, Phase.FEED, () => fundamental.advance(kernel.now));
    scheduleFeeds(this.feeds, settings.feeds, { kernel, handlers, random, fundamental, startPrice });
    const check = handlers.register('margin-check', onPrice);
    handlers.repeat('index', settings.index.every, Phase.INDEX, () => {
      this.update();
      // Before the check of a mark of this instant: what that finds is then all that is broken.
      kernel.at(kernel.now, Phase.MARGIN_CHECK, check);
    });
  }

  private update(): void {
    const { kernel, replayed } = this.parts;
    const own = Math.max(1, this.floor, Math.round(this.index.update(kernel.now)));
    const n = this.count++;
    this.asset.price = replayed === undefined ? own : replayed[n];
    this.prices[n] = this.asset.price;
  }

  private onSeized(worth: Money): void {
    const { settings, kernel, onSeized } = this.parts;
    this.feeds.find(({ name }) => name === settings.soldOn)?.trade(kernel.now, -worth);
    onSeized(worth);
  }
}
