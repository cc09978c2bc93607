import type { CommandModule } from 'yargs';
import { catalogue } from '../../index.ts';
import type { AnyVariant } from '../../index.ts';
import { plainTable } from '../plain-table.ts';

/** `cascade list`: everything a scenario may name. */
export const list: CommandModule<object, { json: boolean }> = {
  command: 'list',
  describe: 'Everything a scenario may name: mark designs, policies, agents, shocks',
  builder: (y) => y.option('json', { type: 'boolean', default: false, describe: 'One JSON document' }),
  handler: ({ json }) => {
    const groupsOfVariants: Readonly<Record<string, Readonly<Record<string, AnyVariant>>>> = catalogue;
    const groups = Object.entries(groupsOfVariants).map(([group, variants]) => ({
      group,
      variants: Object.values(variants).map(({ name, about }) => ({ name, about })),
    }));
    process.stdout.write(json ? `${JSON.stringify(groups, null, 2)}\n` : groups.map(inWords).join('\n'));
  },
};

function inWords({
  group,
  variants,
}: {
  group: string;
  variants: { name: string; about: string }[];
}): string {
  const rows = variants.map(({ name, about }) => [`  ${name}`, about]);
  return `${plainTable([group, ''], rows, { widths: [32, 90] })}\n`;
}
