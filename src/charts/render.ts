import type { TopLevelSpec } from 'vega-lite';
import { textWidth } from './text-width.ts';

/** Pixels a unit of the drawing. */
const SCALE = 2;

/**
 * A chart with inline data as SVG text; the same for the same specification. No browser and no canvas is needed. The libraries
 * are loaded with the first drawing: they are a third of the start of the program, and few commands draw.
 */
export async function toSvg(spec: TopLevelSpec): Promise<string> {
  const [vega, { compile }] = await Promise.all([import('vega'), import('vega-lite')]);
  measureText(vega);
  const view = new vega.View(vega.parse(compile(spec).spec), { renderer: 'none' });
  try {
    return await view.toSVG();
  } finally {
    view.finalize();
  }
}

/** Vega measures text by this for all its drawings; its types do not tell of it. */
interface TextMetrics {
  readonly textMetrics: { width(item: TextItem, text: unknown): number };
}

interface TextItem {
  readonly fontSize?: number;
  readonly fontWeight?: string | number;
  /** What is longer is cut to this; 0 is none. */
  readonly limit?: number;
}

/** By the font that the charts are set in, whether there is a canvas or not. */
function measureText(vega: unknown): void {
  (vega as TextMetrics).textMetrics.width = ({ fontSize = 11, fontWeight, limit = 0 }, text) => {
    if (typeof text !== 'string' && typeof text !== 'number') return 0;
    const width = textWidth(String(text), fontSize, fontWeight === 'bold' || Number(fontWeight) >= 600);
    return limit > 0 ? Math.min(width, limit) : width;
  };
}

/** A PNG, or why there is none. */
export type Png = { readonly bytes: Uint8Array } | { readonly bytes: undefined; readonly reason: string };

/**
 * An SVG of `toSvg` as PNG at twice its size, through the optional package @resvg/resvg-js. The text is set in DejaVu Sans
 * from a package, never in a font of the machine: without one text would vanish, and with another the bytes would differ.
 */
export async function toPng(svg: string): Promise<Png> {
  let resvg: typeof import('@resvg/resvg-js');
  try {
    resvg = await import('@resvg/resvg-js');
  } catch {
    return { bytes: undefined, reason: 'the optional package @resvg/resvg-js is not installed' };
  }
  const image = new resvg.Resvg(svg, {
    fitTo: { mode: 'zoom', value: SCALE },
    background: 'white',
    font: { loadSystemFonts: false, fontFiles: await fontFiles(), defaultFontFamily: 'DejaVu Sans' },
  });
  return { bytes: image.render().asPng() };
}

/** Imported only here, so that the rest of the charts can be bundled for a browser. */
async function fontFiles(): Promise<string[]> {
  const { createRequire } = await import('node:module');
  const { resolve } = createRequire(import.meta.url);
  return ['DejaVuSans.ttf', 'DejaVuSans-Bold.ttf'].map((file) => resolve(`dejavu-fonts-ttf/ttf/${file}`));
}
