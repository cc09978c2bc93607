/**
 * What one run is reduced to: one row of numbers for a replicate and an arm.
 * The list is the single source for the result files, the tables, `cascade describe` and the documentation.
 */
export interface Metric {
  readonly name: string;
  readonly unit: 'bp' | 'quote' | 'count' | 's' | 'x' | 'share';
  readonly about: string;
}

/** In the order of the columns. `quote` is the contract's quote currency; `bp` is of the price when the measurement begins. */
export const METRICS = [
  {
    name: 'drawdown',
    unit: 'bp',
    about: 'largest fall of the local mid below its level when the shock begins',
  },
  { name: 'mark_drawdown', unit: 'bp', about: 'the same of the mark price' },
  { name: 'index_drawdown', unit: 'bp', about: 'the same of the index price' },
  { name: 'runup', unit: 'bp', about: 'largest rise of the local mid above its level when the shock begins' },
  {
    name: 'drawdown_at',
    unit: 's',
    about: 'seconds from the beginning of the shock to the lowest local mid',
  },
  { name: 'end_return', unit: 'bp', about: 'local mid at the end against its level when the shock begins' },
  { name: 'dislocation', unit: 'bp', about: 'largest distance between mark and index' },
  { name: 'liquidated_accounts', unit: 'count', about: 'accounts on which a liquidation began' },
  {
    name: 'forced_notional',
    unit: 'quote',
    about: 'notional sold or bought in the book by liquidation and by the fund',
  },
  {
    name: 'set_off_liquidations',
    unit: 'count',
    about:
      'liquidations that an order of another liquidation set off by carrying the price through their threshold',
  },
  {
    name: 'largest_generation',
    unit: 'count',
    about: 'longest chain of liquidations, each set off by an order of the one before it',
  },
  {
    name: 'largest_cluster',
    unit: 'count',
    about: 'most liquidations that descend from one: it and all that its orders set off, directly or not',
  },
  {
    name: 'false_liquidations',
    unit: 'count',
    about: 'liquidated accounts whose margin held at the index price of that moment',
  },
  {
    name: 'late_liquidations',
    unit: 'count',
    about: 'accounts already under water at the mark when their first liquidation order was sent',
  },
  { name: 'voluntary_notional', unit: 'quote', about: 'notional closed by stop-losses of the holders' },
  { name: 'fund_used', unit: 'quote', about: 'paid out of the insurance fund to cover shortfalls' },
  { name: 'fund_gained', unit: 'quote', about: 'paid into the insurance fund by fees and surplus' },
  { name: 'fund_minimum', unit: 'quote', about: 'lowest equity of the insurance fund at the mark' },
  { name: 'adl_notional', unit: 'quote', about: 'notional closed by auto-deleveraging' },
  { name: 'adl_accounts', unit: 'count', about: 'accounts that were auto-deleveraged' },
  { name: 'socialised_loss', unit: 'quote', about: 'loss spread over the winners after fund and ADL' },
  {
    name: 'uncovered_loss',
    unit: 'quote',
    about:
      'loss that nobody paid: beyond everything the winners had won, or where the rules let nobody bear it',
  },
  {
    name: 'ruin',
    unit: 'share',
    about:
      '1 when the insurance fund (where there is one) was exhausted, ADL began, or a loss was socialised or left unpaid, else 0',
  },
  {
    name: 'funding_before',
    unit: 'share',
    about: 'funding rate in force when the shock begins, 0 before the first is settled',
  },
  { name: 'premium_before', unit: 'bp', about: 'local mid over the index at that moment' },
  {
    name: 'interest_over_depth',
    unit: 'x',
    about: 'open interest at the mark over the bids within 1 % of the mid, then; 0 without bids',
  },
  {
    name: 'breakable_1pct',
    unit: 'x',
    about: 'notional of longs that a fall of the mark by 1 % breaks over the bids within 1 %, then',
  },
  { name: 'breakable_5pct', unit: 'x', about: 'the same within 5 %' },
  {
    name: 'crowding',
    unit: 'share',
    about: 'longs less shorts over their sum, of what moves of the mark by up to 20 % break, then',
  },
  {
    name: 'volatility_before',
    unit: 'bp',
    about: 'realised volatility of the local mid before the shock, per square root of a second',
  },
  {
    name: 'macd_before',
    unit: 'bp',
    about: 'MACD of the local mid (12 and 26 seconds) when the shock begins',
  },
  {
    name: 'rsi_before',
    unit: 'share',
    about: 'RSI of the local mid (14 seconds) when the shock begins, 0.5 when nothing moved',
  },
  { name: 'depth_before', unit: 'quote', about: 'bids within 1 % of the mid when the shock begins' },
  { name: 'depth_minimum', unit: 'quote', about: 'smallest such depth afterwards (sampled)' },
  {
    name: 'depth_recovery',
    unit: 's',
    about: 'seconds from that minimum until 80 % of the depth before is back; the horizon if it never is',
  },
  { name: 'open_interest_change', unit: 'share', about: 'change of open interest over the run' },
  { name: 'traded_notional', unit: 'quote', about: 'all notional traded in the book' },
  { name: 'funding_paid', unit: 'quote', about: 'funding that changed hands' },
  {
    name: 'contagion',
    unit: 'x',
    about:
      'notional that a unit of forced notional forces in turn, over all contracts: spectral radius of the contagion matrix',
  },
  {
    name: 'collateral_drawdown',
    unit: 'bp',
    about:
      "largest fall of the first collateral asset's index below its level when the shock begins; 0 without one",
  },
  {
    name: 'collateral_liquidations',
    unit: 'count',
    about:
      'liquidated accounts whose margin would have held at the prices of their collateral when the shock began',
  },
  {
    name: 'collateral_forced_notional',
    unit: 'quote',
    about:
      'forced notional of these accounts: what the fall of the collateral forces, whatever the mark does',
  },
  {
    name: 'collateral_seized',
    unit: 'quote',
    about: 'worth at the index of the collateral seized from accounts that owed',
  },
  {
    name: 'lp_pnl',
    unit: 'quote',
    about: "profit of a pool's liquidity providers from the shock on, at the mark; 0 without a pool",
  },
  {
    name: 'lp_against_holding',
    unit: 'quote',
    about: 'the same less what the asset the pool held would have gained by itself (impermanent loss)',
  },
  {
    name: 'pool_insolvency',
    unit: 'quote',
    about: "traders' losses beyond their collateral, borne by the pool",
  },
  {
    name: 'pool_adl_notional',
    unit: 'quote',
    about: 'notional of profitable positions closed because their profit was too large for the pool',
  },
  {
    name: 'pool_keeper_fees',
    unit: 'quote',
    about: 'paid by the pool for reports of accounts whose collateral it keeps',
  },
  { name: 'pool_impact', unit: 'quote', about: 'price impact charged and not paid out again, at the end' },
  { name: 'pool_refused', unit: 'quote', about: 'notional of market orders that the pool refused' },
  { name: 'borrow_paid', unit: 'quote', about: 'borrow fees paid to the pool and its venue' },
  {
    name: 'lateness_mean',
    unit: 's',
    about: 'from the mark that breaks an account to its first liquidation step, or the end; 0 without any',
  },
  { name: 'lateness_median', unit: 's', about: 'median of the same over the accounts' },
  { name: 'lateness_p95', unit: 's', about: '95th percentile of the same' },
  {
    name: 'lateness_loss',
    unit: 'quote',
    about: 'equity that these accounts lost in that time, at the mark; negative when it rose',
  },
  {
    name: 'lateness_bad_debt',
    unit: 'quote',
    about: 'the part of that loss beyond their margin: bad debt that their liquidators found',
  },
  { name: 'keeper_steps', unit: 'count', about: 'steps of liquidations carried out' },
  { name: 'keeper_top_share', unit: 'share', about: 'share of these steps by the busiest keeper' },
  { name: 'keeper_rewards', unit: 'quote', about: 'paid to keepers by accounts and the fund' },
  {
    name: 'keeper_costs',
    unit: 'quote',
    about: 'paid by keepers for it outside the exchange: fees and bids',
  },
  { name: 'halts', unit: 'count', about: 'times that trading was halted, by rule or by a shock' },
  { name: 'events', unit: 'count', about: 'events processed by the kernel' },
] as const satisfies readonly Metric[];

export type MetricName = (typeof METRICS)[number]['name'];
/** One row: a number for each metric. */
export type MetricRow = Readonly<Record<MetricName, number>>;
