/** Values in the text form that Go, and so Pulumi's CLI, gives them. */

const NAMED: { [character: string]: string } = {
  "\u0007": "\\a",
  "\b": "\\b",
  "\f": "\\f",
  "\n": "\\n",
  "\r": "\\r",
  "\t": "\\t",
  "\v": "\\v",
  "\\": "\\\\",
  '"': '\\"',
};

/** The text in quotes; what cannot be printed, or would steer a terminal, escaped. */
export function goQuote(text: string): string {
  return `"${goQuoteInner(text)}"`;
}

/** {@link goQuote} without the quotes. */
export function goQuoteInner(text: string): string {
  return text.replace(/["\\]|[\p{C}\p{Z}]/gu, (character) => (character === " " ? character : escaped(character)));
}

function escaped(character: string): string {
  const named = NAMED[character];
  if (named !== undefined) return named;
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x80) return `\\x${code.toString(16).padStart(2, "0")}`;
  return code > 0xffff ? `\\U${code.toString(16).padStart(8, "0")}` : `\\u${code.toString(16).padStart(4, "0")}`;
}

/** Whole numbers in full, others as `%g` has them. */
export function goNumber(value: number): string {
  if (Number.isInteger(value)) return BigInt(value).toString();
  const [digits = "", exponent = "0"] = value.toExponential().split("e");
  const power = Number(exponent);
  if (power >= -4 && power < 21) return String(value);
  return `${digits}e${power < 0 ? "-" : "+"}${String(Math.abs(power)).padStart(2, "0")}`;
}

const MOST_LINES = 3;
const LONGEST_LINE_BYTES = 150;

/** At most three lines of 150 bytes each; three dots for what is left out. */
export function truncated(text: string): string {
  const lines = text.split("\n");
  const shown = lines.slice(0, MOST_LINES).map((line) => {
    const bytes = Buffer.from(line);
    if (bytes.length <= LONGEST_LINE_BYTES) return line;
    // A character that is cut in two is left out.
    return `${bytes
      .subarray(0, LONGEST_LINE_BYTES)
      .toString("utf8")
      .replace(/\ufffd+$/, "")}...`;
  });
  return lines.length > MOST_LINES ? `${shown.join("\n")}\n...` : shown.join("\n");
}
