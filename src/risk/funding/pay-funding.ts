import type { Accounts } from '../../accounts/accounts.ts';
import { CRUMBS, INSURANCE_FUND } from '../../accounts/ledger.ts';
import type { AccountId } from '../../accounts/ledger.ts';
import type { Lots, Money, Ticks } from '../../base/units.ts';
import { exposureOf, notionalOf } from '../../market/contract.ts';
import type { Valuation } from '../../market/contract.ts';
import type { FundingRule } from './funding-rule.ts';

/** The positions that pay funding to each other. */
export interface FundedPositions {
  readonly accounts: Accounts;
  /** Whose position neither pays nor receives, besides that of the account of crumbs. */
  readonly isApart?: (account: AccountId) => boolean;
}

export interface FundingPayment extends FundedPositions {
  readonly contract: Valuation;
  /** Price of the notional; need not be a whole tick. */
  readonly price: Ticks;
  /** Share of the notional; > 0: longs pay. */
  readonly rate: number;
  readonly split: FundingRule['split'];
  /** Told of each account whose balance has changed. */
  changed(account: AccountId): void;
}

/**
 * Longs pay shorts, or the other way round. Each payment is a transfer of whole units of money to or from the account of crumbs,
 * rounded against whoever pays or receives, so that the sum over all accounts stays what it was and crumbs are never paid from
 * anybody else's money. Returns what was paid.
 */
export function payFunding(payment: FundingPayment): Money {
  return payment.split === 'alike' ? payAlike(payment) : payFromLargerSide(payment);
}

/** Sizes of the two sides, both positive. */
export function openInterestOf(positions: FundedPositions): { long: Lots; short: Lots } {
  const sides = { long: 0, short: 0 };
  eachPosition(positions, (_account, lots) => {
    if (lots > 0) sides.long += lots;
    else sides.short -= lots;
  });
  return sides;
}

function payAlike(payment: FundingPayment): Money {
  const { accounts, contract, price, rate } = payment;
  let paid = 0;
  eachPosition(payment, (account, lots) => {
    const amount = Math.ceil(exposureOf(contract, lots, price) * rate);
    accounts.ledger.transfer(account, CRUMBS, amount);
    if (amount > 0) paid += amount;
    payment.changed(account);
  });
  return paid;
}

/** `rate · the larger side` is paid in all, by the paying side in proportion to size, to the other side in proportion to size. */
function payFromLargerSide(payment: FundingPayment): Money {
  const { accounts, contract, price, rate } = payment;
  const payer = Math.sign(rate);
  let [paying, receiving] = [0, 0];
  eachPosition(payment, (_account, lots) => {
    const notional = notionalOf(contract, lots, price);
    if (Math.sign(lots) === payer) paying += notional;
    else receiving += notional;
  });
  if (payer === 0 || paying === 0 || receiving === 0) return 0;
  const due = Math.abs(rate) * Math.max(paying, receiving);
  let paid = 0;
  eachPosition(payment, (account, lots) => {
    if (Math.sign(lots) !== payer) return;
    const amount = Math.ceil((due * notionalOf(contract, lots, price)) / paying);
    accounts.ledger.transfer(account, CRUMBS, amount);
    paid += amount;
    payment.changed(account);
  });
  eachPosition(payment, (account, lots) => {
    if (Math.sign(lots) === payer) return;
    accounts.ledger.transfer(
      CRUMBS,
      account,
      Math.floor((due * notionalOf(contract, lots, price)) / receiving),
    );
    payment.changed(account);
  });
  return paid;
}

function eachPosition(
  { accounts, isApart }: FundedPositions,
  act: (account: AccountId, lots: Lots) => void,
): void {
  for (let account = INSURANCE_FUND; account < accounts.size; account++) {
    const lots = accounts.lots[account];
    if (lots !== 0 && account !== CRUMBS && isApart?.(account) !== true) act(account, lots);
  }
}
