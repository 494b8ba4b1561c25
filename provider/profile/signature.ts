import * as says from "../messages/files";
import type { UnusableFile } from "../messages/message";

/** What the first bytes of a file give away when it is not the text its name promises. */

const SIGNATURES: readonly (readonly [start: readonly number[], fault: () => UnusableFile])[] = [
  [[0xff, 0xfe, 0x00, 0x00], () => says.isOtherEncoding("UTF-32")],
  [[0x00, 0x00, 0xfe, 0xff], () => says.isOtherEncoding("UTF-32")],
  [[0xff, 0xfe], () => says.isOtherEncoding("UTF-16")],
  [[0xfe, 0xff], () => says.isOtherEncoding("UTF-16")],
  [[0x50, 0x4b, 0x03, 0x04], says.isZip],
  [[0x50, 0x4b, 0x05, 0x06], says.isZip],
  [[0x50, 0x4b, 0x07, 0x08], says.isZip],
  [[0x1f, 0x8b], says.isGzip],
  [[0xd0, 0xcf, 0x11, 0xe0], says.isOldWorkbook],
  [[0x28, 0xb5, 0x2f, 0xfd], () => says.isCompressed("Zstandard")],
  [[0xfd, 0x37, 0x7a, 0x58, 0x5a], () => says.isCompressed("xz")],
  [[0x04, 0x22, 0x4d, 0x18], () => says.isCompressed("LZ4")],
  [[0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c], () => says.isCompressed("7-Zip")],
  [ascii("Rar!\x1a"), () => says.isCompressed("RAR")],
  [ascii("BZh91AY&SY"), () => says.isCompressed("bzip2")],
  [ascii("PAR1\x15"), () => says.isBinary("a Parquet file")],
  [ascii("Obj\x01"), () => says.isBinary("an Avro file")],
  [ascii("ARROW1\0\0"), () => says.isBinary("an Arrow file")],
  [ascii("SQLite format 3\0"), () => says.isBinary("an SQLite database")],
  [ascii("%PDF-"), () => says.isBinary("a PDF document")],
  [ascii("{\\rtf"), () => says.isBinary("an RTF document")],
  [ascii("$FL2@(#)"), () => says.isBinary("an SPSS file")],
];

function ascii(text: string): readonly number[] {
  return [...Buffer.from(text, "latin1")];
}

/** What stands in a checkout for a file that is kept elsewhere. */
const POINTERS: readonly (readonly [start: RegExp, fault: () => UnusableFile])[] = [
  [/^version https:\/\/(?:git-lfs|hawser)\.github\.com\/spec\//, says.isLfsPointer],
  // Where links are not supported, a checkout writes the target as text.
  [/^(?:(?:\.\.\/)*\.git)?\/annex\/objects\/\S+\s*$/, says.isAnnexPointer],
  [/^(?:md5: \S+\r?\n(?:frozen: \S+\r?\n)?)?(?:deps|outs):\r?\n-\s+\w+: /, says.isDvcPointer],
];

/** UTF-16 without a byte order mark shows in the first characters of a header, which are ASCII nearly everywhere. */
const LOOKED_AT_BYTES = 256;
/** Whitespace, and comments of a login page, may go before what tells a document. */
const DOCUMENT_BYTES = 4096;

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
  // A file of zeros is none of both.
  if (!isHalfZero || pairs < 2 || Math.min(even, odd) > pairs * 0.9) return undefined;
  return says.isOtherEncoding(Math.min(even, odd) > 0 ? "UTF-32" : "UTF-16");
}

/** Why these first bytes are those of a pointer to the file; undefined when they are not. */
export function pointerFault(start: Uint8Array): UnusableFile | undefined {
  const text = textOf(start, LOOKED_AT_BYTES);
  return POINTERS.find(([begin]) => begin.test(text))?.[1]();
}

/** Without byte order marks and whitespace before it. */
function textOf(start: Uint8Array, bytes: number): string {
  return Buffer.from(start.subarray(0, bytes)).toString("utf8").trimStart();
}

/** Why these first bytes are those of another document than a table; undefined when they may be a table's. */
export function documentFault(start: Uint8Array): UnusableFile | undefined {
  const text = textOf(start, DOCUMENT_BYTES);
  const markup = text.replace(/^(?:<!--.*?-->\s*)+/s, "");
  // SAP and Excel save pages as mail, too.
  if (/^(?:<!doctype\s+html|mime-version:\s)/i.test(markup)) return says.isDocument("a web page (HTML)");
  if (/^<(?:\?xml\s|!--|!doctype\s|!\[CDATA\[)/i.test(markup)) return says.isDocument("XML");
  const element = elementOf(markup);
  if (element !== undefined) return says.isDocument(HTML.test(element) ? "a web page (HTML)" : "XML");
  const isJson = /^(?:\{\s*["'}]|\[\s*(?:[[\]{"]|-?\d+(?:\.\d+)?\s*[,\]]|(?:true|false|null)\b))/.test(text);
  return isJson ? says.isDocument("JSON") : undefined;
}

/** Why these first bytes are not those of XML; undefined when they may be. */
export function noMarkupFault(start: Uint8Array): UnusableFile | undefined {
  const isPartOfMark = start.length < 3 && start[0] === 0xef;
  if (isPartOfMark || /^(?:<|$)/.test(textOf(start, LOOKED_AT_BYTES))) return undefined;
  return documentFault(start) ?? says.isNotXml();
}

/** Elements that a page, or the message that stands for one, begins with. */
const HTML =
  /^(?:a|b|body|br|button|center|div|font|form|frameset|h[1-6]|head|header|hr|html|i|iframe|img|input|li|link|main|meta|noscript|ol|p|pre|script|section|span|strong|style|table|title|ul)$/i;

/**
 * The name of the element that a text begins with. `<TICKER>,<PER>` is a header: its "tag" has no attribute, and a
 * delimiter after it.
 */
function elementOf(text: string): string | undefined {
  const tag = /^<([a-z][\w.-]*(?::[\w.-]+)?)((?:\s+[\w:.-]+\s*=\s*(?:"[^"]*"|'[^']*'|[^\s"'>]+))*)\s*(\/?)>/i.exec(
    text,
  );
  const [whole, name, attributes, slash] = tag ?? [];
  if (whole === undefined || name === undefined) return undefined;
  if (attributes || slash) return name;
  const rest = text.slice(whole.length);
  if (/^[,;|\t]/.test(rest)) return undefined;
  return HTML.test(name) || /^\s*(?:<|$)/.test(rest) || rest.includes(`</${name}>`) ? name : undefined;
}

/** Of the lock file: a user's name in the codepage of Windows and in UTF-16, each with its length and padded. */
const [OWNER_BYTES, OWNER_WIDE_AT] = [165, 55];

/** Why these first bytes are not those of a workbook but of the file that says who has it open. */
export function ownerFault(start: Uint8Array): UnusableFile | undefined {
  const [length = 0] = start;
  const isOwner =
    start.length === OWNER_BYTES &&
    length > 0 &&
    length < OWNER_WIDE_AT &&
    start[OWNER_WIDE_AT] === length &&
    start[OWNER_WIDE_AT + 1] === 0;
  return isOwner ? says.isOwnerFile() : undefined;
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
