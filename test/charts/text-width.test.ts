import { Resvg } from '@resvg/resvg-js';
import { createRequire } from 'node:module';
import { expect, test } from 'vitest';
import { textWidth } from '../../src/charts/text-width.ts';

const { resolve } = createRequire(import.meta.url);
const font = {
  loadSystemFonts: false,
  fontFiles: ['DejaVuSans.ttf', 'DejaVuSans-Bold.ttf'].map((file) => resolve(`dejavu-fonts-ttf/ttf/${file}`)),
  defaultFontFamily: 'DejaVu Sans',
};

/** The width of its ink as the renderer draws it. */
function drawn(text: string, size: number, weight: string): number {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="2000" height="50"><text x="10" y="30" font-family="DejaVu Sans" font-size="${size}" font-weight="${weight}">${text}</text></svg>`;
  return new Resvg(svg, { font }).getBBox()!.width;
}

test.each([
  'ratio of means with 95 % Fieller intervals, bin by bin · n = 20 replicates, 0 to 19',
  'mark median-of-three · notional 30M · closed arm · 1,234 liquidations',
  'Local-book marks, composites and an index under the same sell programme · seed 7',
  'R̂ from parents is a lower bound: it sees the orders that carried the price themselves.',
  'THE FUND 0123456789 +15% −15%',
])('the width of "%s" is that of the font', (text) => {
  expect(textWidth(text, 11.5, false) / drawn(text, 11.5, 'normal')).toBeGreaterThan(0.98);
  expect(textWidth(text, 11.5, false) / drawn(text, 11.5, 'normal')).toBeLessThan(1.04);
  expect(textWidth(text, 16, true) / drawn(text, 16, 'bold')).toBeGreaterThan(0.96);
  expect(textWidth(text, 16, true) / drawn(text, 16, 'bold')).toBeLessThan(1.06);
});
