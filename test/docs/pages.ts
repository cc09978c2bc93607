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
  readonly name: string;
  readonly text: string;
  readonly blocks: readonly Block[];
}

export function pages(): Page[] {
  return readdirSync(join(ROOT, 'docs'))
    .filter((name) => name.endsWith('.md'))
    .map(pageOf);
}

export function pageOf(name: string): Page {
  const text = readFileSync(join(ROOT, 'docs', name), 'utf8');
  const blocks = [...text.matchAll(/^```(\w*) ?([\w-]*)\n(.*?)^```$/gms)].map(
    ([, language, note, inside]) => ({
      language,
      note,
      text: inside,
    }),
  );
  return { name, text, blocks };
}

/** The arguments of each `npx cascade …` in a text, lines joined where a backslash ends them, quotes taken off. */
export function commandsIn(text: string): string[][] {
  return text
    .replaceAll(/\\\n\s*/g, '')
    .split('\n')
    .map((line) => /^\s*npx cascade (.*?)(?: \|\| .*| > .*)?$/.exec(line)?.[1])
    .filter((line) => line !== undefined)
    .map((line) =>
      [...line.matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g)].map(
        ([, single, double, bare]) => single ?? double ?? bare,
      ),
    );
}
