import { assert } from '../base/check.ts';
import { grown } from './grow.ts';

/** Anchors and items are numbered below this, so that their places in `links` are 32-bit integers. */
const MOST = 2 ** 28;

/**
 * Many ordered lists of numbered items in one array: the queues of all price levels, the orders of all owners.
 *
 * An item (1, 2, …) is in at most one list; a list is named by its anchor (0, 1, …). Each list is a ring that its anchor
 * closes, so adding and removing write four numbers without asking whether there is a neighbour:
 *
 * ```
 *   anchor ⇄ first item ⇄ second item ⇄ … ⇄ last item ⇄ anchor
 * ```
 */
export class Rings {
  /** Item i has its place at 4i, anchor a at 4a + 2; there stands the place of the next one, and then of the one before. */
  private links = new Int32Array(0);
  /** Items and anchors below this number have a place. */
  private room = 0;

  /** Makes room for items and anchors below `count`. */
  reserve(count: number): void {
    if (count <= this.room) return;
    assert(count <= MOST, `no list holds ${count - 1}: numbers end at ${MOST - 1}`);
    this.links = grown(this.links, 4 * count);
    const from = this.room;
    this.room = this.links.length / 4;
    for (let anchor = from; anchor < this.room; anchor++) {
      this.links[4 * anchor + 2] = 4 * anchor + 2;
      this.links[4 * anchor + 3] = 4 * anchor + 2;
    }
  }

  /** Puts an item that is in no list at the end of a list. */
  append(anchor: number, item: number): void {
    if (!(anchor >= 0 && anchor < this.room && item < this.room)) this.makeRoom(anchor, item);
    const links = this.links;
    const end = (anchor << 2) + 2;
    const last = links[end + 1];
    const place = item << 2;
    links[place] = end;
    links[place + 1] = last;
    links[last] = place;
    links[end + 1] = place;
  }

  /** Takes an item out of its list; true when the list is empty now. */
  remove(item: number): boolean {
    const links = this.links;
    const next = links[item << 2];
    const previous = links[(item << 2) + 1];
    links[previous] = next;
    links[next + 1] = previous;
    return next === previous;
  }

  /** The first item of a list, 0 when it is empty. */
  first(anchor: number): number {
    return anchor < this.room ? itemAt(this.links[(anchor << 2) + 2]) : 0;
  }

  /** The item behind this one, 0 after the last. */
  next(item: number): number {
    return itemAt(this.links[item << 2]);
  }

  /** The item before this one, 0 before the first. */
  previous(item: number): number {
    return itemAt(this.links[(item << 2) + 1]);
  }

  private makeRoom(anchor: number, item: number): void {
    assert(Number.isInteger(anchor) && anchor >= 0, `${anchor} names no list`);
    this.reserve(Math.max(anchor, item) + 1);
  }
}

/** Anchors stand at odd multiples of 2. */
function itemAt(place: number): number {
  return (place & 2) === 0 ? place >> 2 : 0;
}
