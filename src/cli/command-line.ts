import type { ScenarioOptions } from './scenario.ts';

/** The command that gives the same results again; what changes none of them (workers, folder, output) is left out. */
export function commandLine(
  verb: string,
  { scenario, set, replicates, seed }: ScenarioOptions & { readonly scenario: string },
  more: readonly string[] = [],
): string {
  return [
    `cascade ${verb} ${quoted(scenario)}`,
    ...more.map(quoted),
    ...set.map((change) => `--set ${quoted(change)}`),
    ...(replicates === undefined ? [] : [`--replicates ${replicates}`]),
    ...(seed === undefined ? [] : [`--seed ${quoted(seed)}`]),
  ].join(' ');
}

/** An argument as a shell takes it. */
export function quoted(argument: string): string {
  return /^[\w@%+=:,./-]+$/.test(argument) ? argument : `'${argument.replaceAll("'", `'\\''`)}'`;
}
