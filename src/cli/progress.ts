import { SingleBar } from 'cli-progress';
import type { Progress } from '../index.ts';

/** Nothing is shown for what takes less. */
const PATIENCE_MS = 2_000;

/** Progress of a batch on a terminal's stderr: a bar with the time left. Silent when stderr is piped or `quiet`. */
export class ProgressBar {
  readonly #started = performance.now();
  readonly #silent: boolean;
  readonly #count: string;
  #bar: SingleBar | undefined;

  /** `what` is counted, in the plural; empty for shares of one thing. */
  constructor({ quiet, what = 'replicates' }: { quiet: boolean; what?: string }) {
    this.#count = what === '' ? '' : `{value} of {total} ${what}, `;
    this.#silent = quiet || !process.stderr.isTTY;
  }

  update({ done, planned }: Progress): void {
    if (this.#silent || performance.now() - this.#started < PATIENCE_MS) return;
    if (this.#bar === undefined) {
      this.#bar = new SingleBar({
        format: `{bar} {percentage} %  ${this.#count}{eta_formatted} left`,
        barCompleteChar: '█',
        barIncompleteChar: '░',
        stream: process.stderr,
        clearOnComplete: true,
        barsize: Math.min(40, Math.max(10, (process.stderr.columns ?? 80) - 60)),
        // Ctrl-C is ours, and may end the process at once: nothing of the terminal is changed that would have to be changed back.
        gracefulExit: false,
        hideCursor: false,
        linewrap: true,
        etaBuffer: 100,
      });
      this.#bar.start(planned, done);
    }
    this.#bar.setTotal(planned);
    this.#bar.update(done);
  }

  /** Takes the bar away. */
  stop(): void {
    this.#bar?.stop();
  }
}
