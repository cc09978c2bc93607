import { CHARTS, dataCsv, toPng, toSvg, withData } from '../index.ts';
import type { ChartInputs } from '../index.ts';
import { toJson } from './json.ts';
import type { ResultFiles } from './results-folder.ts';

/** Every chart of a batch that has something to show. */
export async function chartFiles(inputs: ChartInputs): Promise<ResultFiles> {
  const files = await Promise.all(CHARTS.map((chart) => drawn(chart.name, chart.spec(inputs))));
  return Object.assign({}, ...files) as ResultFiles;
}

/**
 * A chart as `charts/<name>.vl.json` with its data beside it in `.csv`, and drawn as `.svg` and, where the optional renderer is
 * installed, `.png`. No file when there is nothing to show.
 */
export async function drawn(
  name: string,
  spec: Parameters<typeof dataCsv>[0] | undefined,
): Promise<ResultFiles> {
  if (spec === undefined) return {};
  const svg = await toSvg(spec);
  const png = await toPng(svg);
  const base = `charts/${name}`;
  return {
    [`${base}.vl.json`]: toJson(withData(spec, `./${name}.csv`)),
    [`${base}.csv`]: dataCsv(spec),
    [`${base}.svg`]: svg,
    ...(png.bytes === undefined ? {} : { [`${base}.png`]: png.bytes }),
  };
}
