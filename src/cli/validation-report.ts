import { GROUPS } from '../index.ts';
import type { CheckResult, Finding, Group } from '../index.ts';
import { threeDigits } from './format.ts';
import { markdownTable } from './markdown.ts';
import { VERSION } from './package.ts';
import { plainTable } from './plain-table.ts';
import type { Validation } from './validation-run.ts';

/** What the numbers were made with. */
export interface Provenance {
  readonly command: string;
  /** Path of the chart of the stylised facts from the page; left out when there is none. */
  readonly chart?: string | undefined;
}

/** What `cascade validate` prints: a line a check, and every finding that missed. */
export function validationInWords({ results, interrupted }: Validation, folder: string): string {
  const rows = results.map((result) => [result.id, result.title, counted(result), verdict(result)]);
  const missed = results.flatMap(({ id, findings }) =>
    findings.filter(({ holds }) => !holds).map((finding) => [id, ...columnsOf(finding)]),
  );
  const failures = results.filter(failed).length;
  return [
    plainTable(['check', '', 'numbers', 'verdict'], rows, { right: ['numbers'] }),
    '',
    ...(missed.length > 0 ? [plainTable(['missed', ...COLUMNS], missed), ''] : []),
    ...(interrupted ? ['Interrupted: only the checks above were finished.'] : []),
    failures === 0
      ? `${results.length} checks, none fails`
      : `${results.length} checks, ${failures} ${failures === 1 ? 'fails' : 'fail'}`,
    `report in ${folder}`,
    '',
  ].join('\n');
}

/** Whether this is a failure of the program, and not only a trait of the model. */
export function failed({ holds, isBinding }: CheckResult): boolean {
  return isBinding && !holds;
}

/** The page: every number with what it should be. The same results give the same text. */
export function validationPage({ results, interrupted }: Validation, { command, chart }: Provenance): string {
  const groups = (Object.keys(GROUPS) as Group[]).filter((group) =>
    results.some((one) => one.group === group),
  );
  return [
    '# Validation',
    '',
    `Made by \`${command}\` with version ${VERSION}. Every number beside what it should be; a check holds when all of its numbers do.`,
    'Tolerances come from rounding or are Student’s t at 99.9 % (one chance in a thousand for a right program). "noticed" says how many',
    'numbers miss once the market is made 3 % larger or smaller in what the check names as perturbed, and in the chapters which of them: a',
    'check that noticed none would prove nothing. Stylised facts and fits are descriptions of the model and not binding; nothing is perturbed.',
    '',
    ...(interrupted ? ['**Interrupted: not all checks were run.**', ''] : []),
    markdownTable(
      ['check', 'what', 'numbers', 'noticed at +3 %, −3 %', 'verdict'],
      results.map((one) => [one.id, one.title, counted(one), noticed(one), verdict(one)]),
    ),
    '',
    ...groups.flatMap((group) => [
      `## ${GROUPS[group]}`,
      '',
      ...(group === 'facts' && chart !== undefined ? [`![Stylised facts](${chart})`, ''] : []),
      ...results.filter((one) => one.group === group).flatMap(chapter),
    ]),
  ].join('\n');
}

function chapter(result: CheckResult): string[] {
  const { id, title, theory, source, perturbs, findings } = result;
  const isAsked = result.noticed !== undefined;
  return [
    `### ${id}: ${title}`,
    '',
    `${sentence(theory)}${source === undefined ? '' : ` Source: ${source}.`}${perturbs === undefined ? '' : ` Perturbed: ${perturbs}.`}`,
    '',
    isAsked
      ? markdownTable(
          [...COLUMNS, 'noticed'],
          findings.map((finding) => [...columnsOf(finding), noticedBy(finding)]),
        )
      : markdownTable(COLUMNS, findings.map(columnsOf)),
    '',
  ];
}

/** At which perturbations the number missed. */
function noticedBy({ noticedAt = [] }: Finding): string {
  const percents = noticedAt.map((off) => `${off > 1 ? '+' : '−'}${Math.round(100 * Math.abs(off - 1))} %`);
  return percents.length > 0 ? percents.join(', ') : 'no';
}

const COLUMNS = ['quantity', 'should be', 'simulated', 'tolerance', 'n', 'verdict'] as const;

function columnsOf(finding: Finding): string[] {
  const { quantity, simulated, interval, tolerance, because, n, holds, placebo } = finding;
  const estimate = (value: number, range: Finding['interval']): string =>
    range === undefined ? digits(value) : `${digits(value)} [${digits(range.low)}, ${digits(range.high)}]`;
  return [
    quantity,
    target(finding),
    placebo === undefined
      ? estimate(simulated, interval)
      : `${estimate(simulated, interval)}; placebo ${estimate(placebo.estimate, placebo)}`,
    tolerance === tolerance && tolerance > 0 ? `${digits(tolerance)} (${because})` : because,
    n === undefined ? '' : String(n),
    holds ? 'holds' : 'MISSES',
  ];
}

function target({ theory, range }: Finding): string {
  if (range === undefined) return digits(theory);
  if (range.high === Infinity) return `at least ${digits(range.low)}`;
  return range.low === -Infinity
    ? `at most ${digits(range.high)}`
    : `${digits(range.low)} to ${digits(range.high)}`;
}

function counted({ findings }: CheckResult): string {
  const held = findings.filter(({ holds }) => holds).length;
  return `${held} of ${findings.length}`;
}

function noticed({ noticed: list, perturbs }: CheckResult): string {
  if (list === undefined) return perturbs === undefined ? '–' : 'not asked';
  return list.map(({ misses }) => misses).join(', ');
}

function verdict(result: CheckResult): string {
  if (result.noticed?.some(({ misses }) => misses === 0)) return 'HAS NO POWER';
  if (result.holds && result.findings.some(({ holds }) => !holds)) return 'holds, a target is missed';
  if (result.holds) return result.isBinding ? 'holds' : 'reproduced';
  return result.isBinding ? 'FAILS' : 'not all reproduced';
}

/** Six digits that count, no trailing zeros. */
function digits(value: number): string {
  if (!Number.isFinite(value)) return threeDigits(value);
  return String(Number(value.toPrecision(6))).replace('-', '−');
}

function sentence(text: string): string {
  return `${text[0].toUpperCase()}${text.slice(1)}.`;
}
