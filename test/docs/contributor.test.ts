import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import ts from 'typescript';
import { expect, test } from 'vitest';
import { catalogue, simulateReplicate, vocabularyFrom } from '../../src/index.ts';
import { pageOf } from './pages.ts';
import { ROOT, scenarioOf } from './repository.ts';

const [EXAMPLE] = pageOf('docs/contributor.md').blocks.filter(({ note }) => note === 'mark-design');
/** Where the page says the file goes. It is never written there. */
const PLACE = join(ROOT, 'src/prices/mark/limited-step.ts');

test('the mark design of docs/contributor.md compiles where it is to stand', () => {
  const { options } = ts.parseJsonConfigFileContent(
    ts.readConfigFile(join(ROOT, 'tsconfig.json'), (path) => ts.sys.readFile(path)).config,
    ts.sys,
    ROOT,
  );
  const host = ts.createCompilerHost(options);
  const { readFile, fileExists, getSourceFile } = host;
  host.fileExists = (file) => file === PLACE || fileExists(file);
  host.readFile = (file) => (file === PLACE ? EXAMPLE.text : readFile(file));
  host.getSourceFile = (file, language) =>
    file === PLACE ? ts.createSourceFile(file, EXAMPLE.text, language) : getSourceFile(file, language);
  const program = ts.createProgram([PLACE], options, host);
  const problems = ts.getPreEmitDiagnostics(program, program.getSourceFile(PLACE));
  expect(problems.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'))).toEqual([]);
});

test('with one more line in the catalogue a scenario can name it, and its mark moves a step at a time', async () => {
  const { limitedStep } = await importExample();
  const mark = { ...catalogue.mark, 'limited-step': limitedStep };
  const variants = { ...catalogue, mark } as typeof catalogue;
  const scenario = scenarioOf(
    'scenarios/limits/wave.yaml',
    ['exchange.mark={ design: limited-step, step: 1bp, every: 100ms }'],
    vocabularyFrom(variants),
  );
  const [off] = simulateReplicate(scenario, 0, { catalogue: variants });
  // Ten marks in the second of the run, one of them before the shock.
  expect(off.metrics.mark_drawdown).toBeGreaterThan(1);
  expect(off.metrics.mark_drawdown).toBeLessThanOrEqual(10);
});

async function importExample(): Promise<{ limitedStep: typeof catalogue.mark.mid }> {
  const folder = mkdtempSync(join(tmpdir(), 'cascade-example-'));
  try {
    const file = join(folder, 'limited-step.ts');
    const absolute = EXAMPLE.text.replaceAll(
      /from '(\.[^']*)'/g,
      (_, path: string) => `from '${join(dirname(PLACE), path)}'`,
    );
    writeFileSync(file, absolute);
    return (await import(/* @vite-ignore */ pathToFileURL(file).href)) as {
      limitedStep: typeof catalogue.mark.mid;
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test('the page names the file that it tells to write', () => {
  expect(readFileSync(join(ROOT, 'docs/contributor.md'), 'utf8')).toContain(PLACE.slice(ROOT.length + 1));
});
