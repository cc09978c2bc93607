/** Advance widths of DejaVu Sans for the characters from the space to the tilde, in thousandths of the font size, rounded. */
// prettier-ignore
const WIDTHS = [
  318, 401, 460, 838, 636, 950, 780, 275, 390, 390, 500, 838, 318, 361, 318, 337, 636, 636, 636, 636, 636, 636, 636, 636,
  636, 636, 337, 337, 838, 838, 838, 531, 1000, 684, 686, 698, 770, 632, 575, 775, 752, 295, 295, 656, 557, 863, 748, 787,
  603, 787, 695, 635, 611, 732, 684, 989, 685, 611, 685, 390, 337, 390, 838, 500, 500, 613, 635, 550, 635, 615, 352, 635,
  634, 278, 278, 579, 278, 974, 634, 612, 635, 635, 411, 521, 392, 634, 592, 818, 592, 592, 525, 636, 337, 636, 838,
];
const FIRST = ' '.charCodeAt(0);
/** The middle dot stands in every caption; other characters, such as Greek letters and signs, are about as wide as a digit or wider. */
const MIDDLE_DOT = 318;
const OTHER = 700;
/** How much wider bold letters are, as a rule. */
const BOLD = 1.12;

/**
 * Width of a line of text in the font of the charts, to within a few per cent. Where there is no canvas Vega takes 0.8 of the font size for every
 * character, a third too much: margins come out too wide, and labels are cut or left out that would fit.
 */
export function textWidth(text: string, fontSize: number, isBold: boolean): number {
  let sum = 0;
  for (const character of text)
    sum += character === '·' ? MIDDLE_DOT : (WIDTHS[character.charCodeAt(0) - FIRST] ?? OTHER);
  return (sum / 1_000) * fontSize * (isBold ? BOLD : 1);
}
