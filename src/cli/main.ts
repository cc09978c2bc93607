#!/usr/bin/env node
import yargs from 'yargs';
import { breakCommand } from './commands/break.ts';
import { calc } from './commands/calc.ts';
import { channels } from './commands/channels.ts';
import { check } from './commands/check.ts';
import { compare } from './commands/compare.ts';
import { describe } from './commands/describe.ts';
import { explainRun } from './commands/explain.ts';
import { list } from './commands/list.ts';
import { rare } from './commands/rare.ts';
import { reference } from './commands/reference.ts';
import { replay } from './commands/replay.ts';
import { run } from './commands/run.ts';
import { schema } from './commands/schema.ts';
import { sensitivity } from './commands/sensitivity.ts';
import { sizeFund } from './commands/size-fund.ts';
import { stress } from './commands/stress.ts';
import { tiers } from './commands/tiers.ts';
import { validate } from './commands/validate.ts';
import { venues } from './commands/venues.ts';
import { warn } from './commands/warn.ts';
import { explain, InputError } from './errors.ts';
import { VERSION } from './package.ts';

// A reader of a pipe may leave early, as in `cascade list | head`.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit();
  throw error;
});

const args = joinNegatives(process.argv.slice(2));
try {
  await yargs(namesCommand(args) ? args : ['run', ...args])
    .scriptName('cascade')
    .usage('$0 <command>\n\nMeasures liquidation cascades of simulated perpetual futures markets.')
    .command(run)
    .command(check)
    .command(list)
    .command(describe)
    .command(replay)
    .command(compare)
    .command(rare)
    .command(sensitivity)
    .command(channels)
    .command(stress)
    .command(sizeFund)
    .command(breakCommand)
    .command(explainRun)
    .command(warn)
    .command(tiers)
    .command(calc)
    .command(schema)
    .command(reference)
    .command(venues)
    .command(validate)
    .completion('completion', 'Print a completion script for the shell')
    .option('verbose', { type: 'boolean', default: false, describe: 'Print the stack of an error' })
    .demandCommand(1)
    .recommendCommands()
    .strict()
    .locale('en')
    .version(VERSION)
    .parserConfiguration({ 'greedy-arrays': false })
    .wrap(Math.min(110, process.stdout.columns ?? 110))
    .epilogue(
      'Without a command: cascade run. Exit codes: 0 done, 1 wrong input, 2 failed, 3 an expectation of the scenario or a check of validate does not hold, 130 interrupted.',
    )
    .fail((message: string | null, error: Error | undefined) => {
      throw error ?? new InputError(`${message}. See: cascade --help`);
    })
    .parseAsync();
} catch (error) {
  process.exitCode = explain(error, args.includes('--verbose'));
}

/** `--premium -0.06%` → `--premium=-0.06%`: an amount below zero is no option, though it begins as one. */
function joinNegatives(words: readonly string[]): string[] {
  return words.reduce<string[]>((joined, word) => {
    const before = joined.at(-1);
    const isValue = /^-[\d.]/.test(word) && before !== undefined && /^--[^=]+$/.test(before);
    return isValue ? [...joined.slice(0, -1), `${before}=${word}`] : [...joined, word];
  }, []);
}

/** A bare `cascade`, or one with options only, runs the default scenario; these options are about the program instead. */
function namesCommand([first]: readonly string[]): boolean {
  if (first === undefined) return false;
  return !first.startsWith('-') || ['--help', '--version', '--get-yargs-completions'].includes(first);
}
