import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { CommandModule } from 'yargs';
import { CHECKS, validationCurves } from '../../index.ts';
import type { Check } from '../../index.ts';
import { drawn } from '../chart-files.ts';
import { EXIT, InputError } from '../errors.ts';
import { checkWorkers, EXECUTION_OPTIONS } from '../execution-options.ts';
import type { ExecutionOptions } from '../execution-options.ts';
import { writeFileAtomically } from '../files.ts';
import { toJson } from '../json.ts';
import { failed, validationInWords, validationPage } from '../validation-report.ts';
import { runChecks } from '../validation-run.ts';

interface ValidateOptions extends ExecutionOptions {
  readonly quick: boolean;
  readonly power: boolean;
  readonly only: readonly string[];
}

const PAGE = 'validation.md';
const CHART = 'stylised-facts';
const NUMBERS = 'validation.json';

/** `cascade validate`: the simulator against theory, published numbers and negative controls. */
export const validate: CommandModule<object, ValidateOptions> = {
  command: 'validate',
  describe: 'Check the simulator against exact limits, controls and published numbers',
  builder: (y) =>
    y
      .option('quick', { type: 'boolean', default: false, describe: 'Fewer replicates: under a minute' })
      .option('power', {
        type: 'boolean',
        default: false,
        describe: 'Also run every check in a market that is 3 % off, which it has to notice',
      })
      .option('only', {
        type: 'string',
        array: true,
        default: [],
        describe: 'Only this check, e.g. --only limit-2 (repeatable)',
      })
      .options(EXECUTION_OPTIONS)
      .example('$0 validate --quick', 'a look')
      .example('$0 validate --power', 'for the record: with proof that each check would notice'),
  handler: async (options) => {
    const { quick, power, only, workers, json, quiet } = options;
    checkWorkers(options);
    const checks = chosen(only);
    const folder = folderFor(options);
    const validation = await runChecks(checks, { effort: quick ? 'quick' : 'full', power, workers, quiet });
    const flags = [quick && '--quick', power && '--power', ...only.map((id) => `--only ${id}`)].filter(
      Boolean,
    );
    const command = ['cascade validate', ...flags].join(' ');
    const numbers = toJson({ command, ...validation, folder });
    const curves = validationCurves(validation.results, {
      title: 'Stylised facts of the market without a shock',
    });
    const charts = curves === undefined ? {} : await drawn(CHART, curves);
    for (const [name, data] of Object.entries(charts)) writeFileAtomically(join(folder, name), data);
    const chart = curves === undefined ? undefined : `charts/${CHART}.svg`;
    writeFileAtomically(join(folder, PAGE), validationPage(validation, { command, chart }));
    writeFileAtomically(join(folder, NUMBERS), numbers);
    process.stdout.write(json ? numbers : validationInWords(validation, join(folder, PAGE)));
    if (validation.interrupted) process.exitCode = EXIT.interrupted;
    else if (validation.results.some(failed)) process.exitCode = EXIT.unmetExpectation;
  },
};

function chosen(only: readonly string[]): readonly Check[] {
  const unknown = only.find((id) => !CHECKS.some((check) => check.id === id));
  if (unknown !== undefined)
    throw new InputError(`--only is ${unknown}, expected one of ${CHECKS.map(({ id }) => id).join(', ')}`);
  return only.length === 0 ? CHECKS : CHECKS.filter(({ id }) => only.includes(id));
}

/** A folder that is new, or one that holds an earlier report. */
function folderFor({ out, quick, only }: ValidateOptions): string {
  const effort = quick ? 'quick' : 'full';
  const folder =
    out ?? join('results', 'validation', only.length === 0 ? effort : `${effort}-${only.join('-')}`);
  if (folder === '') throw new InputError('--out is empty; name a folder');
  if (existsSync(folder) && !readdirSync(folder).every((name) => [PAGE, NUMBERS, 'charts'].includes(name)))
    throw new InputError(`${folder} holds other files than a report. Choose another folder with --out`);
  return folder;
}
