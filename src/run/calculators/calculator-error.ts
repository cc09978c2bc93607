/** What somebody asks a calculator for cannot be; the message says why. */
export class CalculatorError extends Error {
  override name = 'CalculatorError';
}
