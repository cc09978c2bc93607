import type { CommandModule } from 'yargs';
import { referenceText } from '../reference-text.ts';

/** `cascade reference`: everything a scenario may say and everything a run answers, as Markdown. The file of it is `docs/reference.md`. */
export const reference: CommandModule = {
  command: 'reference',
  describe: 'Every key, variant, metric and column, as one Markdown page',
  builder: (y) => y.example('$0 reference > reference.md', ''),
  handler: () => {
    process.stdout.write(referenceText());
  },
};
