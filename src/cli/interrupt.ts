import { EXIT } from './errors.ts';

/**
 * Ctrl-C, or a polite kill: the first time, `aborted` becomes true, so that running replicates end and what is finished
 * is written; the second time the process ends at once. `release` gives the signals back.
 */
export function listenForInterrupt(): { readonly aborted: boolean; release(): void } {
  const state = { aborted: false, release };
  function interrupt(): void {
    if (state.aborted) process.exit(EXIT.interrupted);
    state.aborted = true;
    process.stderr.write(
      '\nInterrupted: ending the running replicates and writing what is there. Again to stop at once.\n',
    );
  }
  function release(): void {
    process.off('SIGINT', interrupt);
    process.off('SIGTERM', interrupt);
  }
  process.on('SIGINT', interrupt);
  process.on('SIGTERM', interrupt);
  return state;
}
