import type { CommandModule } from 'yargs';
import { venuesText } from '../venues-text.ts';

/** `cascade venues`: the rules that ship, side by side, as Markdown. The file of it is `docs/venues.md`. */
export const venues: CommandModule = {
  command: 'venues',
  describe: 'The venues whose rules ship, side by side, as one Markdown page',
  builder: (y) => y.example('$0 venues > venues.md', ''),
  handler: () => {
    process.stdout.write(venuesText());
  },
};
