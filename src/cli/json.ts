/** Text for a file or a pipe. JSON has no NaN and no infinities: both become null, "not defined" and "not bounded". */
export function toJson(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
