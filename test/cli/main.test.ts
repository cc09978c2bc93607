import { spawn } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { catalogue, fromParquet, METRICS, readResults } from '../../src/index.ts';

// The program as it is installed: `npm test` builds it first.
const MAIN = join(import.meta.dirname, '../../dist/cli/main.js');
const TINY = join(import.meta.dirname, 'tiny.yaml');

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

let folder: string;
/** A finished run of the tiny scenario on two workers. */
let finished: string;
let first: Ended;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'cascade-'));
  finished = join(folder, 'finished');
  first = await cascade('run', TINY, '--workers', '2', '--json', '--out', finished);
});
afterAll(() => rmSync(folder, { recursive: true }));

describe.concurrent('cascade run', () => {
  test('ends with 0 and prints one JSON document with a row a cell', () => {
    expect(first).toMatchObject({ code: 0, stderr: '' });
    const document = JSON.parse(first.stdout) as { cells: object[] };
    expect(document).toMatchObject({ title: 'Tiny', seed: '1', interrupted: false, folder: finished });
    expect(document.cells).toMatchObject([
      { cell: 0, mark: 'last-trade', n: 3, converged: true },
      { cell: 1, mark: 'index-only', n: 3, converged: true },
    ]);
  });

  test('writes tables, charts, the scenario as run and a manifest, and no unfinished file', async ({
    expect,
  }) => {
    const files = filesIn(finished);
    expect(files).toEqual(
      expect.arrayContaining([
        'liquidations.parquet',
        'manifest.json',
        'paths.parquet',
        'replicates.ndjson',
        'runs.parquet',
        'scenario.yaml',
        'summary.csv',
        'summary.json',
        'timing.json',
        ...['csv', 'svg', 'vl.json'].flatMap((type) =>
          ['cascade-map', 'timeline'].map((name) => join('charts', `${name}.${type}`)),
        ),
      ]),
    );
    expect(files.filter((file) => file.endsWith('.tmp'))).toEqual([]);
    const { table, metadata } = await fromParquet(readFileSync(join(finished, 'runs.parquet')));
    expect(table.numRows()).toBe(2 * 3 * 3);
    expect(metadata.manifest).toBe(readFileSync(join(finished, 'manifest.json'), 'utf8'));
    expect(JSON.parse(metadata.manifest)).toMatchObject({
      command: `cascade run ${TINY}`,
      seed: '1',
      interrupted: false,
      cells: [{ labels: { mark: 'last-trade' }, replicates: 3 }, { replicates: 3 }],
    });
  });

  test('gives the same bytes on one worker, but for timing.json', async ({ expect }) => {
    const alone = join(folder, 'alone');
    expect(await cascade('run', TINY, '--workers', '1', '--out', alone)).toMatchObject({ code: 0 });
    expectSameResults(alone, finished);
  });

  test('goes on from a journal that was cut short, to the same bytes', async ({ expect }) => {
    const cut = join(folder, 'cut');
    cpSync(finished, cut, { recursive: true });
    const journal = readFileSync(join(finished, 'replicates.ndjson'), 'utf8');
    const [header, one, two, three] = journal.split('\n');
    writeFileSync(join(cut, 'replicates.ndjson'), [header, three, one, two.slice(0, 99)].join('\n'));
    const again = await cascade('run', TINY, '--out', cut);
    expect(again.code).toBe(0);
    expect(again.stderr).toContain('Going on from 2 finished replicates');
    expect(again.stdout).toContain('for 4 replicates');
    expectSameResults(cut, finished);
  });

  test('refuses a folder that holds another run or other files, with 1', async ({ expect }) => {
    const other = await cascade('run', TINY, '--seed', '2', '--out', finished);
    expect(other.code).toBe(1);
    expect(other.stderr).toMatch(/another scenario .* --out/);
    const foreign = await cascade('run', TINY, '--out', import.meta.dirname);
    expect(foreign).toMatchObject({ code: 1, stdout: '' });
  });

  test('ends with 3 when an expectation does not hold, and says which', async ({ expect }) => {
    const claim = 'amplification[mark=last-trade] > 100 at 95%';
    const broken = await cascade('run', TINY, '--set', `expect=["${claim}"]`, '--out', join(folder, 'claim'));
    expect(broken.code).toBe(3);
    expect(broken.stdout).toContain(`DOES NOT HOLD: ${claim}`);
  });

  test('on Ctrl-C ends with 130, having written what was finished', async ({ expect }) => {
    const out = join(folder, 'interrupted');
    const run = start('run', TINY, '--replicates', '500', '--out', out);
    await until(() => linesOf(join(out, 'replicates.ndjson')) > 4);
    run.child.kill('SIGINT');
    const { code, stderr, stdout } = await run.ended;
    expect(code).toBe(130);
    expect(stderr).toContain('Interrupted');
    expect(stdout).toContain('Run it again to go on');
    const manifest = JSON.parse(readFileSync(join(out, 'manifest.json'), 'utf8')) as {
      cells: { replicates: number }[];
    };
    expect(manifest).toMatchObject({ interrupted: true, converged: false });
    const written = manifest.cells.reduce((sum, { replicates }) => sum + replicates, 0);
    expect(written).toBe(linesOf(join(out, 'replicates.ndjson')) - 1);
  });

  test('ends with 2 when the results cannot be written', async ({ expect }) => {
    const inTheWay = join(folder, 'file');
    writeFileSync(inTheWay, '');
    const failed = await cascade('run', TINY, '--out', join(inTheWay, 'results'));
    expect(failed.code).toBe(2);
    expect(failed.stderr).toMatch(/^cannot (read|write) .*not a folder.*\n$/);
  });

  test('without a command is the default scenario', async ({ expect }) => {
    const { code, stderr } = await cascade('--set', 'horizon=never');
    expect(code).toBe(1);
    expect(stderr).toMatch(/^--set horizon=never horizon: found .*\n$/);
  });
});

describe.concurrent('cascade replay', () => {
  test('does the same again, with every event written down', async ({ expect }) => {
    const out = join(folder, 'replay');
    const where = ['--where', 'mark=last-trade', '--replicate', '2', '--arm', 'closed'];
    const { code, stdout } = await cascade('replay', finished, ...where, '--out', out);
    expect(code).toBe(0);
    expect(stdout).toContain('the same as the stored run');
    expect(filesIn(out)).toEqual([
      'cascade-map.parquet',
      'events.parquet',
      'liquidations.parquet',
      'paths.parquet',
    ]);
  });

  test('ends with 2 when the stored run did something else', async ({ expect }) => {
    const forged = join(folder, 'forged');
    cpSync(finished, forged, { recursive: true });
    const journal = join(forged, 'replicates.ndjson');
    const text = readFileSync(journal, 'utf8');
    writeFileSync(journal, text.replaceAll(/"fingerprint":"[0-9a-f]+"/g, '"fingerprint":"0000000000000000"'));
    const { code, stdout } = await cascade('replay', forged, '--cell', '1');
    expect(code).toBe(2);
    expect(stdout).toContain('NOT the stored run, which has 0000000000000000');
  });

  test('asks which cell is meant', async ({ expect }) => {
    const { code, stderr } = await cascade('replay', finished);
    expect(code).toBe(1);
    expect(stderr).toContain('  1  mark=index-only');
  });
});

describe.concurrent('cascade explain', () => {
  const where = ['--where', 'mark=last-trade', '--replicate', '1'];
  test('tells what broke first, what broke them all, how it grew and who paid', async ({ expect }) => {
    const { code, stdout } = await cascade('explain', finished, ...where);
    expect(code).toBe(0);
    for (const begin of [
      'What broke first: at ',
      'What broke them all:',
      'How it grew:',
      'Who paid:',
      'When it stopped: ',
    ])
      expect(stdout).toContain(`\n${begin}`);
    // Nobody shall take the causes for the share that liquidations have in the cascade.
    expect(stdout).toContain('How much of the cascade they make, the arms below tell');
    expect(stdout).toMatch(/ {2}generation 1: \d+ liquidations?, /);
    expect(stdout).toMatch(/fell at most, .*: off [\d.]+ bp, open-loop [\d.]+ bp, closed [\d.]+ bp\./);
  });

  test('as JSON holds numbers that agree with those of the run', async ({ expect }) => {
    const { stdout } = await cascade('explain', finished, ...where, '--json');
    const story = JSON.parse(stdout) as {
      fingerprint: string;
      metrics: Record<string, number>;
      causes: { liquidations: number }[];
      generations: { liquidations: number }[];
    };
    const stored = readFileSync(join(finished, 'replicates.ndjson'), 'utf8');
    expect(stored).toContain(story.fingerprint);
    const total = (parts: { liquidations: number }[]) =>
      parts.reduce((sum, part) => sum + part.liquidations, 0);
    expect(total(story.causes)).toBe(story.metrics.liquidated_accounts);
    expect(total(story.generations)).toBe(story.metrics.liquidated_accounts);
  });

  test('tells how far fuel outweighs the book, and with the mark on the index that it cannot', async ({
    expect,
  }) => {
    const out = join(folder, 'story');
    const { stdout } = await cascade('explain', finished, ...where, '--out', out);
    expect(stdout).toMatch(/\n {2}longs: k [\d.e-]+ within 1 % of the mark, at most [\d.]+ at /);
    expect(filesIn(out)).toEqual(
      expect.arrayContaining(['cascade-map.svg', 'timeline.svg'].map((name) => join('charts', name))),
    );
    const onIndex = await cascade('explain', finished, '--where', 'mark=index-only');
    expect(onIndex.stdout).toContain(
      'longs: k 0 within 1 % of the mark, at most 0 at 0 % below it, above 1 nowhere',
    );
  });

  test('asks which cell is meant, and refuses a folder of something else', async ({ expect }) => {
    const { code, stderr } = await cascade('explain', finished);
    expect(code).toBe(1);
    expect(stderr).toContain('  1  mark=index-only');
    const foreign = await cascade('explain', import.meta.dirname);
    expect(foreign).toMatchObject({ code: 1, stdout: '' });
    expect(foreign.stderr).toMatch(/^.* has no scenario\.yaml: no results of a run\. .*\n$/);
  });
});

test('a results folder is read back by the public surface', async ({ expect }) => {
  const out = join(folder, 'read-back');
  expect((await cascade('run', TINY, '--replicates', '2', '--out', out)).code).toBe(0);
  const results = await readResults((name) => readFileSync(join(out, name)));
  expect(results.manifest.seed).toBe('1');
  // 2 cells, 2 replicates, 3 arms.
  expect(results.runs.numRows()).toBe(12);
  expect(results.paths.columnNames()).toContain('bid_depth');
  expect(results.liquidations.columnNames()).toContain('generation');
});

describe('cascade check', () => {
  test('has a line for each good file and one error for each bad one', async ({ expect }) => {
    const bad = join(folder, 'bad.yaml');
    writeFileSync(bad, `extends: ${TINY}\nhorizon: 20\n`);
    const { code, stdout, stderr } = await cascade('check', TINY, bad, 'nowhere.yaml');
    expect(code).toBe(1);
    expect(stdout).toBe(`${TINY}: ok, 2 cells\n`);
    const [first, second, ...rest] = stderr.split('\n');
    expect(first).toMatch(/bad\.yaml:2:10 horizon: found 20, expected/);
    expect(second).toContain('nowhere.yaml');
    expect(rest).toEqual(['']);
  });
});

describe.concurrent('cascade list and describe', () => {
  test('name everything in the catalogue', async ({ expect }) => {
    const { code, stdout } = await cascade('list', '--json');
    expect(code).toBe(0);
    const groups = JSON.parse(stdout) as { group: string; variants: { name: string }[] }[];
    expect(groups.map(({ group, variants }) => [group, variants.map(({ name }) => name)])).toEqual(
      Object.entries(catalogue).map(([group, variants]) => [group, Object.keys(variants)]),
    );
  });

  test('tell unit, default and range of a parameter', async ({ expect }) => {
    const { code, stdout } = await cascade('describe', 'blend');
    expect(code).toBe(0);
    expect(stdout).toMatch(/localWeight +number +0\.5 +at least 0, at most 1 /);
  });

  test('tell every metric', async ({ expect }) => {
    const { stdout } = await cascade('describe', 'metrics', '--json');
    const [{ rows }] = JSON.parse(stdout) as [{ rows: { metric: string }[] }];
    expect(rows.map(({ metric }) => metric)).toEqual(expect.arrayContaining(METRICS.map(({ name }) => name)));
  });

  test.each([
    'describe blnd',
    'lst',
    'run --workrs 2',
    'run --workers 0',
    'run --workers 5000',
    'run --replicates none',
  ])('end with 1 and one line for a mistake: cascade %s', async (line) => {
    const { code, stdout, stderr } = await cascade(...line.split(' '));
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
  });
});

function cascade(...args: string[]): Promise<Ended> {
  return start(...args).ended;
}

function start(...args: string[]) {
  const child = spawn(process.execPath, [MAIN, ...args], { cwd: folder });
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (data: Buffer) => (stdout += data.toString()));
  child.stderr.on('data', (data: Buffer) => (stderr += data.toString()));
  const ended = new Promise<Ended>((resolve) =>
    child.on('close', (code) => resolve({ code, stdout, stderr })),
  );
  return { child, ended };
}

function filesIn(path: string): string[] {
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(path.length + 1))
    .sort();
}

function expectSameResults(left: string, right: string): void {
  const compared = (path: string) => filesIn(path).filter((file) => file !== 'timing.json');
  expect(compared(left)).toEqual(compared(right));
  for (const file of compared(left)) {
    expect(readFileSync(join(left, file)).equals(readFileSync(join(right, file))), file).toBe(true);
  }
}

function linesOf(path: string): number {
  return existsSync(path) ? readFileSync(path, 'utf8').split('\n').length - 1 : 0;
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 20));
}
