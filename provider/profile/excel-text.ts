/** Excel writes characters that XML has none for as `_x000D_`, and a text of that kind as `_x005F_x000D_`. */
const ESCAPED = /_x([\da-fA-F]{4})_/g;

/** A text as Excel shows it. */
export function excelText(bytes: Buffer): string {
  const text = bytes.toString("utf8");
  if (!text.includes("_x")) return text;
  return text.replace(ESCAPED, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)));
}
