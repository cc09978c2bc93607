/** A column of the tables of one run in detail. */
export interface DetailColumn {
  readonly name: string;
  /** `quote` is the contract's quote currency, also of prices; empty for words and plain numbers. */
  readonly unit: string;
  readonly about: string;
}

/** What `RunDetail` holds, table by table, in the order of the columns. */
export const DETAIL_COLUMNS = {
  paths: [
    { name: 'time_s', unit: 's', about: 'since the start of the run, warm-up included; one row a second' },
    { name: 'mid', unit: 'quote', about: 'local mid; not a number while a side of the book is empty' },
    { name: 'bid', unit: 'quote', about: 'best bid' },
    { name: 'ask', unit: 'quote', about: 'best ask' },
    { name: 'last', unit: 'quote', about: 'last trade' },
    { name: 'mark', unit: 'quote', about: 'mark price' },
    { name: 'index', unit: 'quote', about: 'index price' },
    { name: 'fundamental', unit: 'quote', about: 'fundamental price' },
    { name: 'bid_depth', unit: 'quote', about: 'notional of the bids within 1 % of the mid' },
    { name: 'ask_depth', unit: 'quote', about: 'notional of the asks within 1 % of the mid' },
    { name: 'forced_notional', unit: 'quote', about: 'traded by liquidation and by the fund so far' },
    { name: 'fund_equity', unit: 'quote', about: 'equity of the insurance fund at the mark' },
    { name: 'adl_notional', unit: 'quote', about: 'closed by auto-deleveraging so far' },
    { name: 'open_interest', unit: 'lots', about: 'sum of all long positions' },
  ],
  liquidations: [
    { name: 'time_s', unit: 's', about: 'when the mark broke the account, since the start of the run' },
    { name: 'account', unit: '', about: 'number of the account' },
    { name: 'population', unit: '', about: 'name of its population in the scenario' },
    { name: 'side', unit: '', about: '+1 for a long, −1 for a short' },
    { name: 'lots', unit: 'lots', about: 'size of the position' },
    { name: 'notional', unit: 'quote', about: 'the same at the mark' },
    { name: 'leverage', unit: 'x', about: 'position over collateral, both at entry' },
    { name: 'mark', unit: 'quote', about: 'mark that broke it' },
    { name: 'index', unit: 'quote', about: 'index at that moment' },
    { name: 'margin_ratio', unit: 'x', about: 'maintenance margin over equity; negative when under water' },
    { name: 'number', unit: '', about: 'number of the liquidation, from 0' },
    {
      name: 'cause',
      unit: '',
      about:
        'what broke it: an order of a liquidation, vault or shock, a trade, quotes, or index, funding, margin, other-contract, replay, drift',
    },
    { name: 'parent', unit: '', about: 'number of the liquidation whose order it was, else not a number' },
    { name: 'cause_population', unit: '', about: 'population of whoever sent that order, else empty' },
    { name: 'generation', unit: '', about: '1 plus that of its parent; 1 without one' },
    { name: 'forced_notional', unit: 'quote', about: 'traded in the book to wind it up' },
    { name: 'first_step_s', unit: 's', about: 'when its first step was sent; not a number if none was' },
    { name: 'ended_s', unit: 's', about: 'when it ended; not a number if it did not' },
    {
      name: 'ended_by',
      unit: '',
      about: 'recovered, closed, taken-over, deleveraged, backstopped or under way',
    },
    { name: 'equity', unit: 'quote', about: 'of the account, at the mark that broke it' },
    { name: 'first_step_equity', unit: 'quote', about: 'the same at the mark when its first step was sent' },
    { name: 'first_keeper', unit: '', about: 'number of the keeper that took that step' },
    { name: 'keeper_reward', unit: 'quote', about: 'paid to keepers for all its steps' },
    { name: 'keeper_cost', unit: 'quote', about: 'what these steps cost them outside the exchange' },
    { name: 'tier', unit: '', about: 'margin tier of the position when it broke; the first is 1' },
    { name: 'paid_in', unit: 'quote', about: 'fees and surplus that the fund received for it' },
    { name: 'fund_paid', unit: 'quote', about: 'what the fund paid for it' },
    {
      name: 'others_paid',
      unit: 'quote',
      about: 'what deleveraged winners lost by it against the mark, and losses shared or left',
    },
    { name: 'taken_over', unit: 'quote', about: 'notional at the mark that the fund took over from it' },
  ],
  cascadeMap: [
    { name: 'side', unit: '', about: '+1 for longs, below the mark; −1 for shorts, above it' },
    { name: 'from', unit: 'share', about: 'where the bin begins: distance from the mark' },
    { name: 'to', unit: 'share', about: 'where it ends' },
    {
      name: 'fuel',
      unit: 'quote',
      about: 'positions that break while the mark crosses the bin, at the mark',
    },
    {
      name: 'depth',
      unit: 'quote',
      about: 'orders in the book in the same bin of distance from the mid, at the mark',
    },
    {
      name: 'broken',
      unit: 'lots',
      about: 'those positions, as far as the local price alone can bring the mark',
    },
    {
      name: 'absorbing',
      unit: 'lots',
      about: 'orders in the book on the way of the local price that brings it there',
    },
    {
      name: 'k',
      unit: 'x',
      about: 'local criticality, broken over absorbing; infinite where the book has ended',
    },
  ],
  events: [
    { name: 'time_us', unit: 'us', about: 'since the start of the run' },
    { name: 'phase', unit: '', about: 'number of the phase; within one instant events go by phase' },
    { name: 'kind', unit: '', about: 'what happened, such as mark, makers-wakes or fill' },
    { name: 'a', unit: '', about: 'first argument; of a fill, the account of the maker' },
    { name: 'b', unit: '', about: 'second argument; of a fill, the account of the taker' },
    { name: 'c', unit: 'ticks', about: 'of a fill, its price; else 0' },
    { name: 'd', unit: 'lots', about: 'of a fill, its size; else 0' },
  ],
} as const satisfies Readonly<Record<string, readonly DetailColumn[]>>;
