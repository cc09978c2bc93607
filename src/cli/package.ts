import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The folder that holds `package.json`, `scenarios` and `dist`, wherever the package is installed. */
export const PACKAGE_ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** The version of this program, as in its `package.json`. */
export const VERSION = (
  JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as { version: string }
).version;
