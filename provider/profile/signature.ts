import * as says from "../messages/files";
import type { UnusableFile } from "../messages/message";

/** What the first bytes of a file give away when it is not the text its name promises. */

const SIGNATURES: readonly (readonly [start: readonly number[], fault: () => UnusableFile])[] = [
  [[0xff, 0xfe, 0x00, 0x00], () => says.isOtherEncoding("UTF-32")],
  [[0x00, 0x00, 0xfe, 0xff], () => says.isOtherEncoding("UTF-32")],
  [[0xff, 0xfe], () => says.isOtherEncoding("UTF-16")],
  [[0xfe, 0xff], () => says.isOtherEncoding("UTF-16")],
  [[0x50, 0x4b, 0x03, 0x04], says.isZip],
  [[0x1f, 0x8b], says.isGzip],
  [[0xd0, 0xcf, 0x11, 0xe0], says.isOldWorkbook],
];

/** What stands in a checkout for a file that is kept elsewhere. */
const POINTERS: readonly (readonly [start: string, fault: () => UnusableFile])[] = [
  ["version https://git-lfs.github.com/spec/", says.isLfsPointer],
  ["/annex/objects/", says.isAnnexPointer],
];

/** UTF-16 without a byte order mark shows in the first characters of a header, which are ASCII nearly everywhere. */
const LOOKED_AT_BYTES = 256;

/** Why these first bytes are not those of a UTF-8 text; undefined when they may be. */
export function signatureFault(start: Uint8Array): UnusableFile | undefined {
  const known = SIGNATURES.find(([bytes]) => bytes.every((byte, i) => start[i] === byte));
  if (known) return known[1]();
  const pointer = pointerFault(start);
  if (pointer) return pointer;
  const pairs = Math.floor(Math.min(start.length, LOOKED_AT_BYTES) / 2);
  let even = 0;
  let odd = 0;
  for (let i = 0; i < pairs; i++) {
    if (start[2 * i] === 0) even++;
    if (start[2 * i + 1] === 0) odd++;
  }
  const isHalfZero = Math.max(even, odd) > pairs * 0.7;
  if (!isHalfZero || pairs < 2) return undefined;
  return says.isOtherEncoding(Math.min(even, odd) > 0 ? "UTF-32" : "UTF-16");
}

/** Why these first bytes are those of a pointer to the file; undefined when they are not. */
export function pointerFault(start: Uint8Array): UnusableFile | undefined {
  const text = Buffer.from(start.subarray(0, LOOKED_AT_BYTES)).toString("latin1");
  return POINTERS.find(([begin]) => text.startsWith(begin))?.[1]();
}

/** Why these first bytes are those of another document than a table; undefined when they may be a table's. */
export function documentFault(start: Uint8Array): UnusableFile | undefined {
  const text = Buffer.from(start.subarray(0, LOOKED_AT_BYTES))
    .toString("latin1")
    .replace(/^\xef\xbb\xbf/, "")
    .trimStart();
  if (/^<(?:!doctype\s+html|html|head|body|script|style|meta|title|table)[\s>]/i.test(text)) {
    return says.isDocument("a web page (HTML)");
  }
  if (/^<(?:\?xml\s|!--|!doctype\s|error>)/i.test(text)) return says.isDocument("XML");
  const isJson = /^(?:\{\s*["}]|\[\s*(?:[[\]{"]|-?\d+(?:\.\d+)?\s*[,\]]|(?:true|false|null)\b))/.test(text);
  return isJson ? says.isDocument("JSON") : undefined;
}

const OLD_WORKBOOK = [0xd0, 0xcf, 0x11, 0xe0];
/** Of Excel 2 to 95, without a container. */
const BARE_WORKBOOK = 0x09;
const ZIP = [0x50, 0x4b];

/** What a file is that is named as a workbook of these formats, and that Excel alone may open; undefined when it is one. */
export function notWorkbook(start: Uint8Array, format: "xls" | "xlsb"): string | undefined {
  const begins = (bytes: readonly number[]) => bytes.every((byte, i) => start[i] === byte);
  // A workbook with a password lies in the container of the old format.
  if (begins(OLD_WORKBOOK)) return undefined;
  if (begins(ZIP)) return format === "xls" ? says.NEWER_WORKBOOK : undefined;
  if (format === "xls" && start[0] === BARE_WORKBOOK && start[1] !== undefined && start[1] <= 0x08) return undefined;
  const isMarkup = Buffer.from(start.subarray(0, LOOKED_AT_BYTES))
    .toString("latin1")
    .trimStart()
    .replace(/^\xef\xbb\xbf/, "")
    .startsWith("<");
  return isMarkup ? says.isMarkup(format) : says.isNoWorkbook(format);
}
