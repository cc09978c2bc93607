import { assert } from '../base/check.ts';
import type { Side, Ticks } from '../base/units.ts';
import { doubled, grown } from './grow.ts';
import { MAX_TICK } from './order.ts';
import { bitsBelow, highestBit, TickBitmap } from './tick-bitmap.ts';

const PAGE_BITS = 7;
const PAGE = 1 << PAGE_BITS;
const WORDS = PAGE / 32;
/** Where in a page the words are, and the summary; and its length. */
const FIRST_WORD = PAGE;
const SUMMARY = FIRST_WORD + WORDS;
const PAGE_LENGTH = 136;
/** `… & PAGES` is where a page begins; from the mask V8 knows that a place in it is neither negative nor too large. */
const PAGES = 2 ** 30 - 8;

/**
 * For both sides of a book one positive number for each occupied price, and the occupied prices in order from the best to the
 * worst.
 *
 * The best price to BUY is the highest, to SELL the lowest; every method works on `rank`, which is the price or its mirror
 * image, so that the best has always the highest rank and one formula serves both sides. Ranks of SELL are below `reach`, those
 * of BUY from there on, so that both sides share one directory, and looking up, adding and removing calculate with the side
 * rather than branch on it, which no processor foresees.
 *
 * ```
 * rank       0 ……………………… reach − 1 │ reach ……………………… 2 · reach − 1
 * price   SELL reach − 1 ……………… 0 │ BUY 0 ……………………… reach − 1
 * ```
 *
 * ```
 * rank ── >>> 7 ───▶ directory ──▶ page: │ 128 values │ 4 words of occupied ranks │ 1 summary word │
 *                        └─ TickBitmap of the pages in use
 * ```
 *
 * Looking up, adding and removing cost O(1), finding the next price a few words, however far away it is: a flash crash
 * through an empty book is as cheap as a calm market. Pages come into use when a price in them does and go back to
 * a free list; the directory doubles when a price beyond its reach appears. So any price up to `MAX_TICK` works. Pages
 * follow the prices in use: half a KB for each 128 ticks, at worst half a KB for each lonely price. The directory follows the
 * greatest price there has been: a byte for each 16 ticks of the reach, so 128 KB where prices stay below 2²¹, and 128 MB
 * (most of it never touched) once there was one of 2³⁰ or more.
 */
export class TickLadder {
  // `declare`: see OrderBook.
  /** Prices 0 … reach − 1 have a rank; a power of two. */
  private reach = PAGE;
  /**
   * The reach as a 32-bit integer. Of BUY `rank = price ^ flip`, which is price + reach; of SELL `price ^ (flip − 1)`, which is
   * reach − 1 − price. At the greatest reach, 2³¹, the ranks of BUY have the sign bit set: hence `>>>` wherever a rank is cut.
   */
  private flip = PAGE;
  /** [rank >>> 7] → where its page begins in `pages`, or 0: the page that is always empty. */
  declare private directory: Int32Array<ArrayBuffer>;
  declare private used: TickBitmap;
  /**
   * pages[page + (rank & 127)] → value, 0: not occupied; [page + FIRST_WORD + ((rank >>> 5) & 3)], bit rank & 31:
   * occupied? [page + SUMMARY], bit w: is word w of the page not empty?
   */
  private pages = new Int32Array(2 * PAGE_LENGTH);
  /** Stack of the pages that are empty and not in the directory. */
  private freePages = new Int32Array([PAGE_LENGTH]);
  private freeCount = 1;

  /** @param expected a price round which room is made beforehand. */
  constructor(expected: Ticks) {
    while (this.reach <= 2 * expected && this.reach < 2 ** 31) this.reach *= 2;
    this.flip = this.reach | 0;
    this.directory = new Int32Array((2 * this.reach) / PAGE);
    this.used = new TickBitmap((2 * this.reach) / PAGE);
  }

  /** The value at a whole price, 0 when it is not occupied or out of range. */
  get(side: Side, price: Ticks): number {
    if (!(price >= 0 && price < this.reach)) return 0;
    const rank = price ^ ((this.flip - (side >>> 31)) | 0);
    return this.pages[(this.directory[rank >>> PAGE_BITS] & PAGES) + (rank & (PAGE - 1))];
  }

  /** Puts a positive value at a whole price from 0 to `MAX_TICK`, occupied or not. */
  set(side: Side, price: Ticks, value: number): void {
    if (price >= this.reach) this.extendTo(price);
    const rank = price ^ this.mirror(side);
    let page = this.directory[rank >>> PAGE_BITS] & PAGES;
    if (page === 0) page = this.openPage(rank >>> PAGE_BITS) & PAGES;
    const pages = this.pages;
    const word = (rank >>> 5) & (WORDS - 1);
    pages[page + (rank & (PAGE - 1))] = value;
    pages[page + FIRST_WORD + word] |= 1 << (rank & 31);
    pages[page + SUMMARY] |= 1 << word;
  }

  /** Frees a price, which must be occupied. */
  remove(side: Side, price: Ticks): void {
    const rank = price ^ this.mirror(side);
    const page = this.directory[rank >>> PAGE_BITS] & PAGES;
    const pages = this.pages;
    const word = (rank >>> 5) & (WORDS - 1);
    pages[page + (rank & (PAGE - 1))] = 0;
    if ((pages[page + FIRST_WORD + word] &= ~(1 << (rank & 31))) !== 0) return;
    if ((pages[page + SUMMARY] &= ~(1 << word)) !== 0) return;
    this.closePage(rank >>> PAGE_BITS);
  }

  /** Frees the best price of a side; returns the value at the best price that is left, 0 when there is none. */
  removeBest(side: Side, price: Ticks): number {
    const rank = price ^ this.mirror(side);
    const page = this.directory[rank >>> PAGE_BITS] & PAGES;
    const pages = this.pages;
    const word = (rank >>> 5) & (WORDS - 1);
    pages[page + (rank & (PAGE - 1))] = 0;
    // What is left in the page has a lower rank, as it is of the same side.
    const inWord = pages[page + FIRST_WORD + word] & ~(1 << (rank & 31));
    pages[page + FIRST_WORD + word] = inWord;
    if (inWord !== 0) return pages[page + (word << 5) + highestBit(inWord)];
    const inPage = pages[page + SUMMARY] & ~(1 << word);
    pages[page + SUMMARY] = inPage;
    if (inPage !== 0) return this.highestIn(page);
    this.closePage(rank >>> PAGE_BITS);
    const next = this.highestBelow(side, rank >>> PAGE_BITS);
    return next < 0 ? 0 : this.get(side, next);
  }

  /** The best occupied price, −1 when there is none. */
  best(side: Side): Ticks {
    return this.highestBelow(side, side > 0 ? this.directory.length : this.directory.length / 2);
  }

  /** The best occupied price worse than `price` (whole, from 0 to `MAX_TICK`), −1 when there is none. */
  worse(side: Side, price: Ticks): Ticks {
    if (price >= this.reach) return side > 0 ? this.best(side) : -1;
    const mirror = this.mirror(side);
    const rank = price ^ mirror;
    const page = this.directory[rank >>> PAGE_BITS] & PAGES;
    const pages = this.pages;
    const word = (rank >>> 5) & (WORDS - 1);
    const inWord = pages[page + FIRST_WORD + word] & bitsBelow(rank & 31);
    if (inWord !== 0) return ((rank & ~31) | highestBit(inWord)) ^ mirror;
    const inPage = pages[page + SUMMARY] & bitsBelow(word);
    if (inPage !== 0) {
      const next = highestBit(inPage);
      const bits = pages[page + FIRST_WORD + next];
      return ((rank & ~(PAGE - 1)) | (next << 5) | highestBit(bits)) ^ mirror;
    }
    return this.highestBelow(side, rank >>> PAGE_BITS);
  }

  /** For tests: stops with an assertion when values, bits, directory and free pages disagree. */
  checkInvariants(): void {
    let used = 0;
    for (let entry = 0; entry < this.directory.length; entry++) {
      const page = this.directory[entry];
      if (page === 0) continue;
      assert(this.used.has(entry), `page ${page} is not listed`);
      used++;
      let summary = 0;
      for (let word = 0; word < WORDS; word++) {
        let bits = 0;
        for (let bit = 0; bit < 32; bit++) {
          if (this.pages[page + (word << 5) + bit] !== 0) bits |= 1 << bit;
        }
        assert(this.pages[page + FIRST_WORD + word] === bits, `word ${word} of page ${page} is wrong`);
        if (bits !== 0) summary |= 1 << word;
      }
      assert(summary !== 0 && this.pages[page + SUMMARY] === summary, `the summary of page ${page} is wrong`);
    }
    let listed = 0;
    for (let e = this.used.below(this.directory.length); e >= 0; e = this.used.below(e)) listed++;
    assert(listed === used, `${listed - used} listed pages are not in use`);
    assert((used + this.freeCount + 1) * PAGE_LENGTH === this.pages.length, 'pages are lost');
    assert(
      this.pages.subarray(0, PAGE_LENGTH).every((value) => value === 0),
      'page 0 is not empty',
    );
  }

  /** What turns a price of a side into its rank and back. */
  private mirror(side: Side): number {
    return (this.flip - (side >>> 31)) | 0;
  }

  /** The highest price of a side in the pages before an entry of the directory, −1 when there is none. */
  private highestBelow(side: Side, bound: number): Ticks {
    const entry = this.used.below(bound);
    if (entry < 0 || (side > 0 && entry < this.directory.length / 2)) return -1;
    const page = this.directory[entry];
    const word = highestBit(this.pages[page + SUMMARY]);
    const bits = this.pages[page + FIRST_WORD + word];
    return ((entry << PAGE_BITS) | (word << 5) | highestBit(bits)) ^ this.mirror(side);
  }

  /** The value at the highest rank in a page. */
  private highestIn(page: number): number {
    const word = highestBit(this.pages[page + SUMMARY]) & (WORDS - 1);
    return this.pages[page + (word << 5) + highestBit(this.pages[page + FIRST_WORD + word])];
  }

  private openPage(entry: number): number {
    if (this.freeCount === 0) this.addPages();
    const page = this.freePages[--this.freeCount];
    this.directory[entry] = page;
    this.used.add(entry);
    return page;
  }

  private closePage(entry: number): void {
    this.freePages[this.freeCount++] = this.directory[entry]!;
    this.directory[entry] = 0;
    this.used.remove(entry);
  }

  /** Doubles the number of pages; all those there were are in use. */
  private addPages(): void {
    const first = this.pages.length;
    this.pages = doubled(this.pages);
    this.freePages = grown(this.freePages, this.pages.length / PAGE_LENGTH);
    for (let page = this.pages.length - PAGE_LENGTH; page >= first; page -= PAGE_LENGTH) {
      this.freePages[this.freeCount++] = page;
    }
  }

  /**
   * Doubles the reach until it covers a price. All ranks grow by as much as the reach does, those of SELL since they count
   * down from it and those of BUY since they count up from it: the directory moves up as a whole, and no page is touched.
   */
  private extendTo(price: Ticks): void {
    assert(price <= MAX_TICK, 'no price lies beyond the greatest tick');
    const { directory: old, used } = this;
    while (price >= this.reach) this.reach *= 2;
    this.flip = this.reach | 0;
    this.directory = new Int32Array((2 * this.reach) / PAGE);
    this.used = new TickBitmap((2 * this.reach) / PAGE);
    const moved = (this.directory.length - old.length) / 2;
    this.directory.set(old, moved);
    for (let e = used.below(old.length); e >= 0; e = used.below(e)) this.used.add(e + moved);
  }
}
