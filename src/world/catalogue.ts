import { linearInSize } from '../accounts/margin/linear-in-size.ts';
import { marginalTiers } from '../accounts/margin/marginal-tiers.ts';
import { oiFactor } from '../accounts/margin/oi-factor.ts';
import { oiScaled } from '../accounts/margin/oi-scaled.ts';
import { wholePositionTiers } from '../accounts/margin/whole-position-tiers.ts';
import { zeroIntelligence } from '../agents/zero-intelligence.ts';
import { arbitrageur } from '../agents/arbitrageur.ts';
import { crossHolder } from '../agents/cross-holder.ts';
import { frontRunner } from '../agents/front-runner.ts';
import { hedgedHolder } from '../agents/hedged-holder.ts';
import { inventoryMaker } from '../agents/inventory-maker.ts';
import { leveragedHolder } from '../agents/leveraged-holder.ts';
import { marketMaker } from '../agents/market-maker.ts';
import { noiseTrader } from '../agents/noise-trader.ts';
import { reachingTrader } from '../agents/reaching-trader.ts';
import { resilientBook } from '../agents/resilient-book.ts';
import { staticBook } from '../agents/static-book.ts';
import { thresholdHolder } from '../agents/threshold-holder.ts';
import { oraclePool } from '../market/trading/oracle-pool.ts';
import { orderBook } from '../market/trading/order-book.ts';
import { constant } from '../prices/fundamental/constant.ts';
import { gbm } from '../prices/fundamental/gbm.ts';
import { clippedMean } from '../prices/index/clipped-mean.ts';
import { dropOutliers } from '../prices/index/drop-outliers.ts';
import { inverseSquare } from '../prices/index/inverse-square.ts';
import { medianRule } from '../prices/index/median.ts';
import { weightedMedianRule } from '../prices/index/weighted-median.ts';
import { indexAndPremium } from '../prices/limits/index-and-premium.ts';
import { markAndPremium } from '../prices/limits/mark-and-premium.ts';
import { roundIndex } from '../prices/limits/round-index.ts';
import { roundLast } from '../prices/limits/round-last.ts';
import { roundMark } from '../prices/limits/round-mark.ts';
import { unlimited } from '../prices/limits/unlimited.ts';
import { blend } from '../prices/mark/blend.ts';
import { cappedPush } from '../prices/mark/capped-push.ts';
import { composite } from '../prices/mark/composite.ts';
import { emaOfMid } from '../prices/mark/ema-of-mid.ts';
import { impactMid } from '../prices/mark/impact-mid.ts';
import { indexClamp } from '../prices/mark/index-clamp.ts';
import { indexOnly } from '../prices/mark/index-only.ts';
import { indexPlusEma } from '../prices/mark/index-plus-ema.ts';
import { indexPlusSma } from '../prices/mark/index-plus-sma.ts';
import { indexWithFunding } from '../prices/mark/index-with-funding.ts';
import { lastPriceProtected } from '../prices/mark/last-price-protected.ts';
import { lastTrade } from '../prices/mark/last-trade.ts';
import { medianComposite } from '../prices/mark/median-composite.ts';
import { medianOfThree } from '../prices/mark/median-of-three.ts';
import { microprice } from '../prices/mark/microprice.ts';
import { mid } from '../prices/mark/mid.ts';
import { preLaunch } from '../prices/mark/pre-launch.ts';
import { signedBidAsk } from '../prices/mark/signed-bid-ask.ts';
import { twapOfMid } from '../prices/mark/twap-of-mid.ts';
import { worstOfTwo } from '../prices/mark/worst-of-two.ts';
import { leveragedReturn } from '../risk/adl/leveraged-return.ts';
import { priceGainByLeverage } from '../risk/adl/price-gain-by-leverage.ts';
import { profitByLeverage } from '../risk/adl/profit-by-leverage.ts';
import { randomWalk } from '../risk/adl/random-walk.ts';
import { returnByMarginRatio } from '../risk/adl/return-by-margin-ratio.ts';
import { waterFilling } from '../risk/adl/water-filling.ts';
import { proRata } from '../risk/adl/pro-rata.ts';
import { profitByMarginRatio } from '../risk/adl/profit-by-margin-ratio.ts';
import { adaptiveSkew } from '../risk/funding/adaptive-skew.ts';
import { clampedPremium } from '../risk/funding/clamped-premium.ts';
import { continuousPremium } from '../risk/funding/continuous-premium.ts';
import { none } from '../risk/funding/none.ts';
import { premiumPlusInterest } from '../risk/funding/premium-plus-interest.ts';
import { noHalts } from '../risk/halts/no-halts.ts';
import { priceMove } from '../risk/halts/price-move.ts';
import { daemon } from '../risk/keepers/daemon.ts';
import { engine } from '../risk/keepers/engine.ts';
import { permissioned } from '../risk/keepers/permissioned.ts';
import { race } from '../risk/keepers/race.ts';
import { closeAgainstPool } from '../risk/liquidation/close-against-pool.ts';
import { closeAtMarket } from '../risk/liquidation/close-at-market.ts';
import { cureThenTakeOver } from '../risk/liquidation/cure-then-take-over.ts';
import { fillablePriceSlices } from '../risk/liquidation/fillable-price-slices.ts';
import { fractionThenAll } from '../risk/liquidation/fraction-then-all.ts';
import { ladder } from '../risk/liquidation/ladder.ts';
import { limitAtClosePrice } from '../risk/liquidation/limit-at-close-price.ts';
import { outsideLiquidators } from '../risk/liquidation/outside-liquidators.ts';
import { slices } from '../risk/liquidation/slices.ts';
import { stepDownThenRest } from '../risk/liquidation/step-down-then-rest.ts';
import { takeOverAtOnce } from '../risk/liquidation/take-over-at-once.ts';
import { twoTiersDown } from '../risk/liquidation/two-tiers-down.ts';
import { forfeitOrClose } from '../risk/liquidation/forfeit-or-close.ts';
import { stepDownTier } from '../risk/liquidation/step-down-tier.ts';
import { equityNegative } from '../risk/triggers/equity-negative.ts';
import { fundDrawdown } from '../risk/triggers/fund-drawdown.ts';
import { fundEmpty } from '../risk/triggers/fund-empty.ts';
import { never } from '../risk/triggers/never.ts';
import { noFill } from '../risk/triggers/no-fill.ts';
import { feedManipulation } from '../shocks/feed-manipulation.ts';
import { fundTopUp } from '../shocks/fund-top-up.ts';
import { keeperOutage } from '../shocks/keeper-outage.ts';
import { liquidityWithdrawal } from '../shocks/liquidity-withdrawal.ts';
import { marginChange } from '../shocks/margin-change.ts';
import { orderEntryOutage } from '../shocks/order-entry-outage.ts';
import { priceJump } from '../shocks/price-jump.ts';
import { pricePath } from '../shocks/price-path.ts';
import { sellProgram } from '../shocks/sell-program.ts';
import { stuckFeed } from '../shocks/stuck-feed.ts';
import { tradingHalt } from '../shocks/trading-halt.ts';
import { venueOutage } from '../shocks/venue-outage.ts';

/**
 * Everything a scenario may name. A variant is one file and one line here; nobody else imports it.
 * The key is the name that scenarios use.
 */
export const catalogue = {
  fundamental: {
    constant,
    gbm,
  },
  index: {
    'clipped-mean': clippedMean,
    'weighted-median': weightedMedianRule,
    median: medianRule,
    'drop-outliers': dropOutliers,
    'inverse-square': inverseSquare,
  },
  trading: {
    'order-book': orderBook,
    'oracle-pool': oraclePool,
  },
  mark: {
    'last-trade': lastTrade,
    mid,
    microprice,
    'ema-of-mid': emaOfMid,
    'twap-of-mid': twapOfMid,
    'impact-mid': impactMid,
    'index-only': indexOnly,
    'index-with-funding': indexWithFunding,
    'index-plus-sma': indexPlusSma,
    'index-plus-ema': indexPlusEma,
    'median-of-three': medianOfThree,
    'median-composite': medianComposite,
    composite,
    'index-clamp': indexClamp,
    'last-price-protected': lastPriceProtected,
    'pre-launch': preLaunch,
    'capped-push': cappedPush,
    'worst-of-two': worstOfTwo,
    'signed-bid-ask': signedBidAsk,
    blend,
  },
  margin: {
    'marginal-tiers': marginalTiers,
    'whole-position-tiers': wholePositionTiers,
    'linear-in-size': linearInSize,
    'oi-scaled': oiScaled,
    'oi-factor': oiFactor,
  },
  liquidation: {
    'close-against-pool': closeAgainstPool,
    'close-at-market': closeAtMarket,
    'cure-then-take-over': cureThenTakeOver,
    'forfeit-or-close': forfeitOrClose,
    'step-down-tier': stepDownTier,
    'step-down-then-rest': stepDownThenRest,
    'two-tiers-down': twoTiersDown,
    slices,
    'fraction-then-all': fractionThenAll,
    'fillable-price-slices': fillablePriceSlices,
    'limit-at-close-price': limitAtClosePrice,
    'take-over-at-once': takeOverAtOnce,
    ladder,
    'outside-liquidators': outsideLiquidators,
  },
  adl: {
    'profit-by-margin-ratio': profitByMarginRatio,
    'profit-by-leverage': profitByLeverage,
    'leveraged-return': leveragedReturn,
    'return-by-margin-ratio': returnByMarginRatio,
    'price-gain-by-leverage': priceGainByLeverage,
    'random-walk': randomWalk,
    'water-filling': waterFilling,
    'pro-rata': proRata,
  },
  waterfall: {
    'fund-empty': fundEmpty,
    'fund-drawdown': fundDrawdown,
    'equity-negative': equityNegative,
    'no-fill': noFill,
    never,
  },
  keepers: {
    engine,
    permissioned,
    daemon,
    race,
  },
  funding: {
    none,
    'clamped-premium': clampedPremium,
    'premium-plus-interest': premiumPlusInterest,
    'continuous-premium': continuousPremium,
    'adaptive-skew': adaptiveSkew,
  },
  priceLimits: {
    unlimited,
    'round-mark': roundMark,
    'round-last': roundLast,
    'round-index': roundIndex,
    'index-and-premium': indexAndPremium,
    'mark-and-premium': markAndPremium,
  },
  halts: {
    'no-halts': noHalts,
    'price-move': priceMove,
  },
  agents: {
    'market-maker': marketMaker,
    'noise-trader': noiseTrader,
    arbitrageur,
    'leveraged-holder': leveragedHolder,
    'hedged-holder': hedgedHolder,
    'static-book': staticBook,
    'resilient-book': resilientBook,
    'threshold-holder': thresholdHolder,
    'front-runner': frontRunner,
    'cross-holder': crossHolder,
    'zero-intelligence': zeroIntelligence,
    'inventory-maker': inventoryMaker,
    'reaching-trader': reachingTrader,
  },
  shocks: {
    'price-jump': priceJump,
    'sell-program': sellProgram,
    'liquidity-withdrawal': liquidityWithdrawal,
    'venue-outage': venueOutage,
    'keeper-outage': keeperOutage,
    'price-path': pricePath,
    'stuck-feed': stuckFeed,
    'feed-manipulation': feedManipulation,
    'order-entry-outage': orderEntryOutage,
    'trading-halt': tradingHalt,
    'margin-change': marginChange,
    'fund-top-up': fundTopUp,
  },
} as const;

export type Catalogue = typeof catalogue;
