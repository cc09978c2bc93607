import { draw } from '../base/distributions.ts';
import type { RandomSource } from '../base/random.ts';
import { SECOND } from '../base/units.ts';
import type { Micros, Money, Ticks } from '../base/units.ts';
import { Phase } from '../kernel/kernel.ts';
import type { Kernel } from '../kernel/kernel.ts';
import { Feed } from '../prices/feed.ts';
import type { FundamentalPrice } from '../prices/fundamental-price.ts';
import type { Handlers } from './handlers.ts';
import type { FeedSettings } from './scenario.ts';

/** How often a fundamental price moves. */
export const FUNDAMENTAL_EVERY: Micros = SECOND / 4;

type AllSettings = Readonly<Record<string, FeedSettings>>;

/** The venues outside that a scenario names, each with streams of its own. */
export function feedsFrom(
  settings: AllSettings,
  { random, moneyFrom }: { readonly random: RandomSource; readonly moneyFrom: (quote: number) => Money },
): Feed[] {
  return Object.entries(settings).map(
    ([name, { depthPerPercent, ...feed }]) =>
      new Feed(
        name,
        { ...feed, depthPerPercent: moneyFrom(depthPerPercent) },
        random.stream(`feeds/${name}/noise`),
        random.stream(`feeds/${name}/outages`),
      ),
  );
}

interface FeedScheduling {
  readonly kernel: Kernel;
  readonly handlers: Handlers;
  readonly random: RandomSource;
  readonly fundamental: FundamentalPrice;
  readonly startPrice: Ticks;
}

/** Lets them publish round the fundamental price, for ever; what they publish arrives later. */
export function scheduleFeeds(
  feeds: readonly Feed[],
  settings: AllSettings,
  { kernel, handlers, random, fundamental, startPrice }: FeedScheduling,
): void {
  feeds.forEach((feed, i) => {
    // A price in flight carries its level; a feed's prices arrive in the order they were published.
    const latencies = random.stream(`feeds/${feed.name}/delays`);
    let lastArrival = 0;
    const arrive = handlers.register(`${feed.name}-arrives`, (price) => feed.receive(kernel.now, price));
    const { delay } = settings[feed.name];
    feed.receive(0, Math.max(1, feed.observe(0, fundamental.price) || startPrice));
    handlers.repeat(`${feed.name}-publishes`, feed.model.every, Phase.FEED, () => {
      const price = feed.observe(kernel.now, fundamental.price);
      lastArrival = Math.max(lastArrival, kernel.now + Math.max(0, Math.round(draw(delay, latencies))));
      if (price === price) kernel.at(lastArrival, Phase.FEED, arrive, price, i);
    });
  });
}
