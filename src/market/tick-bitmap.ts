/**
 * A set of whole numbers 0 … `size` − 1 that finds its members in order without a scan.
 *
 * Words of 32 bits, and above them words that say which words are not empty, and so on up to one word: a search climbs
 * until it meets a set bit and descends to it by `clz32`, one word a level (four levels for 2²⁰ members).
 */
export class TickBitmap {
  /** `levels[k][i >>> 5]` bit `i & 31`: is word i of level k − 1 not empty (k = 0: is i a member)? */
  private readonly levels: Int32Array[] = [];

  constructor(size: number) {
    let bits = size + 1; // `below(size)` looks at the bit beyond the last member
    do {
      bits = Math.ceil(bits / 32);
      this.levels.push(new Int32Array(bits));
    } while (bits > 1);
  }

  add(member: number): void {
    let i = member;
    for (const words of this.levels) {
      const before = words[i >>> 5];
      words[i >>> 5] = before | (1 << (i & 31));
      if (before !== 0) return;
      i >>>= 5;
    }
  }

  remove(member: number): void {
    let i = member;
    for (const words of this.levels) {
      const after = words[i >>> 5] & ~(1 << (i & 31));
      words[i >>> 5] = after;
      if (after !== 0) return;
      i >>>= 5;
    }
  }

  has(member: number): boolean {
    return ((this.levels[0][member >>> 5] >>> (member & 31)) & 1) === 1;
  }

  /** The greatest member less than `bound` (at most `size`), or −1. */
  below(bound: number): number {
    const levels = this.levels;
    let i = bound;
    for (let k = 0; k < levels.length; k++) {
      const lower = levels[k][i >>> 5] & bitsBelow(i & 31);
      if (lower !== 0) {
        i = (i & ~31) | highestBit(lower);
        while (k-- > 0) i = (i << 5) | highestBit(levels[k][i]);
        return i;
      }
      i >>>= 5;
    }
    return -1;
  }
}

/** A word with the bits 0 … `bit` − 1 set. */
export function bitsBelow(bit: number): number {
  return (1 << bit) - 1;
}

/** Number of the highest bit set in a word that is not zero. */
export function highestBit(word: number): number {
  return 31 - Math.clz32(word);
}
