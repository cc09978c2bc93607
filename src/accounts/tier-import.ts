import { assert, ScenarioError } from '../base/check.ts';
import { asWritten } from '../base/quantities.ts';
import { marginTableFrom, type MarginTable } from './margin-table.ts';

/** What to say in every file about where the tables are from. */
export interface TierImport {
  /** Begins the file names; left out when empty. */
  readonly venue: string;
  readonly source: string;
  /** Date of the tables; left out when empty. */
  readonly asOf: string;
  readonly rule: 'marginal-tiers' | 'whole-position-tiers';
}

/** A table to be written, and one that no venue could run. */
export interface ImportedTable {
  readonly symbol: string;
  /** Without a folder. */
  readonly file: string;
  readonly text: string;
}
export interface RefusedTable {
  readonly symbol: string;
  /** The row, the value and what was expected. */
  readonly why: string;
}

/**
 * The tables of an exchange in one document, as ccxt's `fetchLeverageTiers` returns them: a map from symbol to its list of tiers.
 * Each is checked as a scenario would check it; one that is refused does not stop the others. Deductions are recomputed.
 * Throws `ScenarioError` for a document that is no such map.
 */
export function importLeverageTiers(
  json: unknown,
  file: string,
  { venue, source, asOf, rule }: TierImport,
): { readonly tables: readonly ImportedTable[]; readonly refused: readonly RefusedTable[] } {
  const tables = new Map<string, ImportedTable>();
  const refused: RefusedTable[] = [];
  for (const [symbol, tiers] of symbolsOf(json, file)) {
    if (slug(symbol) === '') {
      refused.push({ symbol, why: 'a symbol needs a letter or a digit to name its file' });
      continue;
    }
    const name = [...(venue === '' ? [] : [slug(venue)]), slug(symbol)].join('-');
    const first = tables.get(name);
    if (first !== undefined) {
      refused.push({ symbol, why: `its file would be that of ${first.symbol}, ${first.file}` });
      continue;
    }
    try {
      const table = marginTableFrom({ symbol, source, asOf, rule, tiers }, (path) => ({
        file,
        line: 0,
        column: 0,
        path: [symbol, ...path.slice(1)].join('.'),
      }));
      tables.set(name, { symbol, file: `${name}.json`, text: textOf(table) });
    } catch (error) {
      if (!(error instanceof ScenarioError)) throw error;
      refused.push({ symbol, why: `found ${error.problem.found}, expected ${error.problem.expected}` });
    }
  }
  return { tables: [...tables.values()], refused };
}

function symbolsOf(json: unknown, file: string): readonly (readonly [string, unknown])[] {
  const symbols =
    typeof json === 'object' && json !== null && !Array.isArray(json) ? Object.entries(json) : [];
  if (symbols.length > 0) return symbols;
  throw new ScenarioError({
    file,
    line: 0,
    column: 0,
    path: '',
    found: Array.isArray(json) ? 'a list' : shortened(asWritten(json)),
    expected: 'a map from symbol to its list of tiers, as fetchLeverageTiers of ccxt returns it',
  });
}

/** `BTC/USDT:USDT` → `btcusdt`, `BTC/USD:BTC` → `btcusd-btc`: what settles is named where it is not the quote currency. */
function slug(symbol: string): string {
  const [, base, quote, settle, rest] = /^([^/:]+)\/([^/:]+):([^-]+)(.*)$/.exec(symbol) ?? [];
  const plain = base === undefined ? symbol : `${base}${quote}${settle === quote ? '' : `-${settle}`}${rest}`;
  return plain
    .toLowerCase()
    .replaceAll(/[^a-z0-9_]+/g, '-')
    .replaceAll(/^-|-$/g, '');
}

/** One row a line, like the tables that ship. */
function textOf(table: MarginTable): string {
  const { symbol, source, asOf, currency, rule } = table;
  const head = {
    source,
    ...(asOf === '' ? {} : { asOf }),
    symbol,
    ...(rule === 'marginal-tiers' ? {} : { rule }),
  };
  const rows = rowsOf(table).map((row, i) => ({
    tier: i + 1,
    ...(currency === '' ? {} : { currency }),
    ...row,
  }));
  const lines = Object.entries(head).map(([key, value]) => `  ${JSON.stringify(key)}: ${oneLine(value)},`);
  return `{\n${lines.join('\n')}\n  "tiers": [\n    ${rows.map(oneLine).join(',\n    ')}\n  ]\n}\n`;
}

function rowsOf(table: MarginTable): readonly object[] {
  if (table.rule === 'marginal-tiers') {
    return table.table.tiers.map(({ floor, cap, maintenanceRate, maxLeverage, deduction }) => ({
      minNotional: floor,
      maxNotional: cap === Infinity ? null : cap,
      maintenanceMarginRate: maintenanceRate,
      maxLeverage,
      info: { cum: deduction },
    }));
  }
  assert(table.rule === 'whole-position-tiers', 'an import has tiers');
  return table.tiers.map(({ floor, cap, maintenanceRate, initialRate, maxLeverage }) => ({
    minNotional: floor,
    maxNotional: cap,
    maintenanceMarginRate: maintenanceRate,
    initialMarginRate: initialRate,
    maxLeverage,
  }));
}

function oneLine(value: unknown): string {
  return JSON.stringify(value, null, 1).replaceAll(/\n */g, ' ');
}

function shortened(text: string): string {
  return text.length <= 60 ? text : `${text.slice(0, 60)}…`;
}
