import type { CommandModule } from 'yargs';
import { jsonSchema, VOCABULARY } from '../../index.ts';
import { toJson } from '../json.ts';

/** `cascade schema`: the JSON Schema of scenario files, for editors. The file of it is `scenarios/schema/scenario.schema.json`. */
export const schema: CommandModule = {
  command: 'schema',
  describe: 'The JSON Schema of scenario files, for editors',
  builder: (y) => y.example('$0 schema > scenario.schema.json', 'for the first line of a scenario file'),
  handler: () => {
    process.stdout.write(toJson(jsonSchema(VOCABULARY)));
  },
};
