/**
 * A streaming 64-bit hash of numbers, for fingerprints: two runs with the same digest did the same.
 *
 * Two 32-bit lanes take the low and the high word of each double and are mixed as the lanes of
 * MurmurHash3_x86_128 (Austin Appleby, public domain). All 64 bits count, so −0 differs from 0; every NaN is
 * the same. The digest does not depend on the machine's byte order. Not for adversaries.
 */
export class Hasher {
  private low = 0;
  private high = 0;
  private count = 0;
  private readonly double = new Float64Array(1);
  private readonly words = new Int32Array(this.double.buffer);
  /** Which of the two words of a double is the high one: 1 on little-endian machines. */
  private readonly highWord: number;

  constructor() {
    this.double[0] = 1; // 0x3ff00000_00000000
    this.highWord = this.words[1] === 0 ? 0 : 1;
  }

  /** Appends a number to what is hashed. */
  add(x: number): void {
    this.double[0] = x;
    if (x === x) this.mix(this.words[1 - this.highWord], this.words[this.highWord]);
    else this.mix(0, 0x7ff80000);
  }

  private mix(lowWord: number, highWord: number): void {
    let k = Math.imul(lowWord, 0x239b961b);
    k = Math.imul((k << 15) | (k >>> 17), 0xab0e9789);
    const low = this.low ^ k;
    this.low = (Math.imul(((low << 19) | (low >>> 13)) + this.high, 5) + 0x561ccd1b) | 0;

    let m = Math.imul(highWord, 0xab0e9789);
    m = Math.imul((m << 16) | (m >>> 16), 0x38b34ae5);
    const high = this.high ^ m;
    this.high = (Math.imul(((high << 17) | (high >>> 15)) + this.low, 5) + 0x0bcaa747) | 0;
    this.count = (this.count + 1) | 0;
  }

  /** 16 hexadecimal digits for all numbers so far; more may be added afterwards. */
  digest(): string {
    let low = this.low ^ this.count;
    let high = this.high ^ this.count;
    low = (low + high) | 0;
    high = (high + low) | 0;
    low = avalanche(low);
    high = avalanche(high);
    low = (low + high) | 0;
    high = (high + low) | 0;
    return hex(high) + hex(low);
  }
}

/** Every bit of the input reaches every bit of the output (MurmurHash3's fmix32). */
function avalanche(h: number): number {
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}

function hex(word: number): string {
  return (word >>> 0).toString(16).padStart(8, '0');
}
