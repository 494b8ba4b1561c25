import { isUtf8 } from "node:buffer";
import { Utf8Check } from "../../../provider/profile/utf8";
import { cut, oneOf, seeded } from "./random";

const PIECES = ["a", "1,2\n", "é", "ß", "漢", "🎉", "\u0301"].map((text) => Buffer.from(text));
const WRONG = [[0x80], [0xc3], [0xe2, 0x82], [0xf0, 0x9f, 0x8e], [0xed, 0xa0, 0x80], [0xc0, 0xaf], [0xff]].map(
  (bytes) => Buffer.from(bytes),
);

/** Where the text stops being UTF-8, in chunks of these sizes; -1: within its last character, undefined: nowhere. */
function firstFault(text: Buffer, lengths: number[], isTold: boolean): number | undefined {
  const check = new Utf8Check();
  let at = 0;
  for (const length of lengths) {
    const chunk = text.subarray(at, at + length);
    const valid = check.push(chunk, isTold && isUtf8(chunk));
    if (valid !== undefined) return at + valid;
    at += chunk.length;
  }
  return check.endsInside() ? -1 : undefined;
}

test("a chunk that is known to be UTF-8 by itself changes no verdict, wherever the text is cut", () => {
  const verdicts = { fine: 0, wrong: 0, inside: 0 };
  for (let seed = 1; seed <= 3000; seed++) {
    const random = seeded(seed);
    const pieces = Array.from({ length: 12 }, () => oneOf(random, random() < 0.04 ? WRONG : PIECES));
    const text = Buffer.concat(pieces);
    const lengths = Array.from(cut(random, text), ({ length }) => length);
    const found = firstFault(text, lengths, true);
    expect({ seed, found }).toEqual({ seed, found: firstFault(text, lengths, false) });
    expect({ seed, isFine: found === undefined }).toEqual({ seed, isFine: isUtf8(text) });
    verdicts[found === undefined ? "fine" : found < 0 ? "inside" : "wrong"]++;
  }
  expect(Object.values(verdicts).every((count) => count > 20)).toBe(true);
});
