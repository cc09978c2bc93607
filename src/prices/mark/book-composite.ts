import type { Micros } from '../../base/units.ts';
import { median } from '../median.ts';
import { localPrice } from './mark-design.ts';
import type { MarkInputs } from './mark-design.ts';
import { DecayedMean } from './moving-average.ts';

interface BookCompositeSettings {
  /** Time constant of the average of the local basis. */
  readonly constant: Micros;
  /** Time constant of the average of the local book that stands in for a third input. */
  readonly bookConstant: Micros;
  /** Time between two marks. */
  readonly every: Micros;
}

/**
 * The median of the oracle plus the average local basis, of the local book, and of perpetuals elsewhere. When exactly two of them
 * exist, an average of the local book joins them: a book without perpetuals elsewhere has two of three votes.
 */
export class BookComposite {
  private readonly settings: BookCompositeSettings;
  private basis: DecayedMean | undefined;
  private slowBook: DecayedMean | undefined;

  constructor(settings: BookCompositeSettings) {
    this.settings = settings;
  }

  /** NaN for `oracle` or `perps` means that there is none; the result is NaN when nothing is left. */
  price(inputs: MarkInputs, oracle: number, perps: number): number {
    const book = middleOfBook(inputs);
    const slowBook = this.sampleBook(inputs.now, book);
    const votes = [oracle + this.sampleBasis(inputs, oracle), book, perps].filter(isPrice);
    if (votes.length === 2 && isPrice(slowBook)) votes.push(slowBook);
    return votes.length === 0 ? NaN : median(votes);
  }

  /** Average of local mid − oracle; 0 before the first. */
  private sampleBasis(inputs: MarkInputs, oracle: number): number {
    const { constant, every } = this.settings;
    const basis = localPrice(inputs) - oracle;
    if (isPrice(basis)) {
      this.basis ??= new DecayedMean(constant, inputs.now - every);
      this.basis.add(inputs.now, basis);
    }
    return this.basis?.value ?? 0;
  }

  private sampleBook(now: Micros, book: number): number {
    const { bookConstant, every } = this.settings;
    if (isPrice(book)) {
      this.slowBook ??= new DecayedMean(bookConstant, now - every);
      this.slowBook.add(now, book);
    }
    return this.slowBook?.value ?? NaN;
  }
}

/** Median of best bid, best ask and last trade, those that there are; NaN without any. */
export function middleOfBook({ bid, ask, last }: MarkInputs): number {
  const prices = [bid, ask, last].filter(isPrice);
  return prices.length === 0 ? NaN : median(prices);
}

function isPrice(value: number): boolean {
  return value === value;
}
