import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { catalogue, VOCABULARY } from '../../src/index.ts';
import { commandsIn, pages } from './pages.ts';
import type { Page } from './pages.ts';
import { batchOf, execute, ROOT } from './repository.ts';

// The program as it is installed: `npm test` builds it first.
const MAIN = join(ROOT, 'dist/cli/main.js');
const PAGES = pages();
const GROUPS = Object.keys(catalogue) as (keyof typeof catalogue)[];

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'cascade-docs-'));
  // `npx cascade` of a clone, without what npx needs to find that out.
  const npx = join(folder, 'bin', 'npx');
  mkdirSync(dirname(npx));
  writeFileSync(
    npx,
    `#!/bin/sh\ntest "$1" = cascade && shift && exec "${process.execPath}" "${MAIN}" "$@"\n`,
  );
  chmodSync(npx, 0o755);
});
afterAll(() => rmSync(folder, { recursive: true }));

describe.concurrent('the blocks that are marked to run', () => {
  const running = PAGES.filter(({ blocks }) => blocks.some(({ note }) => note === 'run'));
  test.each(running)('of $name do, in their order', { timeout: 180_000 }, async ({ name, blocks }) => {
    const clone = cloneFor(name);
    for (const { language, text } of blocks.filter(({ note }) => note === 'run')) {
      const script = join(clone, language === 'js' ? 'block.mjs' : 'block.sh');
      writeFileSync(script, language === 'js' ? text : `set -e\n${text}`);
      const program = language === 'js' ? process.execPath : 'bash';
      const { code, said } = await execute(program, [script], { cwd: clone, path: join(folder, 'bin') });
      expect({ code, said: code === 0 ? '' : said }, text).toEqual({ code: 0, said: '' });
    }
  });
});

/** What the pages rely on of a clone. */
function cloneFor(page: string): string {
  const clone = join(folder, page.replaceAll('/', '-'));
  cpSync(join(ROOT, 'scenarios'), join(clone, 'scenarios'), { recursive: true });
  mkdirSync(join(clone, 'node_modules'));
  symlinkSync(ROOT, join(clone, 'node_modules/cascade-lab'));
  return clone;
}

/** The command that a line gives, of two words where the first has commands of its own, and its arguments. */
function verbOf([first, ...words]: readonly string[]): { verb: string; words: readonly string[] } {
  const isNested = first === 'calc' || (first === 'tiers' && words[0] === 'import');
  return isNested ? { verb: `${first} ${words[0]}`, words: words.slice(1) } : { verb: first, words };
}

describe('every command of the pages', () => {
  const commands = PAGES.flatMap(({ name, blocks }) =>
    blocks
      .filter(({ language }) => language === 'sh')
      .flatMap(({ text }) => commandsIn(text))
      .map((words) => ({ name, command: words.join(' '), ...verbOf(words) })),
  );
  /** By verb, asked for once. */
  const helps = new Map<string, Promise<string>>();
  const helpOn = (verb: string): Promise<string> => {
    const help =
      helps.get(verb) ??
      execute(process.execPath, [MAIN, ...verb.split(' '), '--help'], { cwd: ROOT }).then(({ said }) => said);
    helps.set(verb, help);
    return help;
  };

  test.each(commands)('$name: $command', async ({ verb, words }) => {
    const help = await helpOn(verb);
    expect(help).toMatch(new RegExp(`^cascade ${verb}\\b`));
    for (const word of words.filter((one) => one.startsWith('--')))
      expect(help).toMatch(new RegExp(`^ +${word}\\b`, 'm'));
    const [name] = words;
    if (verb === 'describe') expect(['metrics', ...NAMES]).toContain(name);
    if ((verb === 'run' || verb === 'replay') && existsSync(join(ROOT, name))) {
      const settings = words.filter((_, i) => words[i - 1] === '--set');
      expect(batchOf(name, settings).cells.length).toBeGreaterThan(0);
    }
  });

  const NAMES = GROUPS.flatMap((group) => Object.keys(VOCABULARY[group]));
});

describe('the links of the pages', () => {
  test.each(PAGES)('of $name lead to files', ({ name, text }: Page) => {
    const links = [...text.matchAll(/\]\(([^)#]+)[^)]*\)/g)].map(([, link]) => link);
    const broken = links.filter(
      (link) => !/^https?:/.test(link) && !existsSync(join(ROOT, dirname(name), link)),
    );
    expect(broken).toEqual([]);
  });
  test.each(PAGES)('of $name: every path in it exists', ({ text }: Page) => {
    const paths = [...text.matchAll(/`((?:src|scenarios|notebooks|test)\/[\w./-]*)`/g)].map(
      ([, path]) => path,
    );
    const made = ['src/prices/mark/limited-step.ts'];
    expect(paths.filter((path) => !made.includes(path) && !existsSync(join(ROOT, path)))).toEqual([]);
  });
});
