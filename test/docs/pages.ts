import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './repository.ts';

/** A fenced block: ` ```sh run ` has the language `sh` and the note `run`. */
export interface Block {
  readonly language: string;
  readonly note: string;
  readonly text: string;
}

export interface Page {
  /** Path from the root of the repository. */
  readonly name: string;
  readonly text: string;
  readonly blocks: readonly Block[];
}

/** Every page that a reader may come upon. */
export function pages(): Page[] {
  const guides = readdirSync(join(ROOT, 'docs')).filter((name) => name.endsWith('.md'));
  return [
    'README.md',
    'CONTRIBUTING.md',
    'src/README.md',
    'notebooks/README.md',
    'results/README.md',
    ...guides.map((name) => `docs/${name}`),
  ].map(pageOf);
}

export function pageOf(name: string): Page {
  const text = readFileSync(join(ROOT, name), 'utf8');
  const found = [...text.matchAll(/^```(\w*) ?([\w-]*)\n(.*?)^```$/gms)];
  return {
    name,
    text,
    blocks: found.map(([, language, note, inside]) => ({ language, note, text: inside })),
  };
}

/**
 * The arguments of each `npx cascade …` and `npm start -- …` in a text: lines joined where a backslash ends them,
 * comments and what the shell does with the output left out, quotes taken off.
 */
export function commandsIn(text: string): string[][] {
  return text
    .replaceAll(/\\\n\s*/g, '')
    .split('\n')
    .map((line) => /^\s*(?:npx cascade|npm start --) (.*?)(?: \|\| .*| > .*| +# .*)?$/.exec(line)?.[1])
    .filter((line) => line !== undefined)
    .map((line) =>
      [...line.matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g)].map(
        ([, single, double, bare]) => single ?? double ?? bare,
      ),
    );
}
