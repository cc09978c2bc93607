import { CHARTS, dataCsv, toPng, toSvg, withData } from '../index.ts';
import type { Chart, ChartInputs } from '../index.ts';
import { toJson } from './json.ts';
import type { ResultFiles } from './results-folder.ts';

type Spec = Parameters<typeof toSvg>[0];

/**
 * Each chart that has something to show as `charts/<name>.vl.json` with its data beside it in `.csv`, and drawn as
 * `.svg` and, where the optional renderer is installed, `.png`.
 */
export async function chartFiles(inputs: ChartInputs): Promise<ResultFiles> {
  const files = await Promise.all(CHARTS.map((chart) => filesOf(chart, inputs)));
  return Object.assign({}, ...files) as ResultFiles;
}

async function filesOf(chart: Chart, inputs: ChartInputs): Promise<ResultFiles> {
  const spec = chart.spec(inputs);
  return spec === undefined ? {} : drawn(chart.name, spec);
}

/** One specification in all its forms. */
export async function drawn(name: string, spec: Spec): Promise<ResultFiles> {
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
