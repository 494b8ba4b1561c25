import { counted, listed, UnusableFile } from "./message";

/** Why a file cannot be uploaded, with what to do about it; and what is odd about one that can. */

// Of any file.

export const isDirectory = () =>
  new UnusableFile("it is a directory", ["name one file; declare one DatatableUpload for each"]);

export const notRegular = () => new UnusableFile("it is not a regular file", ["write the data to a file first"]);

export const isEmpty = () =>
  new UnusableFile("it is empty", ["export it again", "for a table without rows, write its header row"]);

export const tooLarge = (sizeBytes: number) =>
  new UnusableFile(`it has ${sizeBytes} bytes, and storage accepts at most 5 GiB in one upload`, ["split it"]);

export const linkLoop = () => new UnusableFile("it is a symbolic link that leads back to itself", ["correct the link"]);

export const brokenLink = () =>
  new UnusableFile("it is a symbolic link to something that does not exist", ["correct the link"]);

/** @param nearest - path of the file with the most similar name in the same folder, to paste as `source`. */
export function noSuchFile(folder: string, nearest: string | undefined): UnusableFile {
  const near = nearest === undefined ? [] : [`did you mean "${nearest}"?`];
  return new UnusableFile("there is no such file", [...near, `paths start from the program's folder (${folder}/)`]);
}

export const noPermission = () => new UnusableFile("it may not be read", ["check its permissions"]);

export const notOpened = (code: string | undefined) =>
  new UnusableFile(`it cannot be opened (${code ?? "unknown reason"})`, ["check the path and the file"]);

export const notRead = (code: string) =>
  new UnusableFile(`it could not be read (${code})`, [
    "check the file's disk or network share, then run the command again",
  ]);

export const changedWhileRead = () =>
  new UnusableFile("it changed while it was read", ["wait until the file is written, then run the command again"]);

export const formatNotRead = (format: string) =>
  `rows and columns are not read from .${format}, only its hash and size are compared`;

// By its first bytes.

export const isOtherEncoding = (name: "UTF-16" | "UTF-32") =>
  new UnusableFile(`it is ${name} text`, ["save it as UTF-8"]);

export const isZip = () =>
  new UnusableFile("it is a zip archive or an Excel workbook", ["unpack it, or correct its extension"]);

export const isGzip = () => new UnusableFile("it is compressed with gzip", ["unpack it first"]);

export const isCompressed = (program: string) =>
  new UnusableFile(`it is compressed with ${program}`, ["unpack it first"]);

/** @param what - with its article. */
export const isBinary = (what: string) => new UnusableFile(`it is ${what}, not text`, ["export it as CSV"]);

export const isOldWorkbook = () =>
  new UnusableFile("it is an old or a password-protected Excel workbook", ["save it as CSV"]);

export const isLfsPointer = () =>
  new UnusableFile("it is a Git LFS pointer, not the file", ["run `git lfs pull`, or set `lfs: true` at the checkout"]);

export const isAnnexPointer = () =>
  new UnusableFile("it is a git-annex pointer, not the file", ["run `git annex get`"]);

export const isDvcPointer = () => new UnusableFile("it is a DVC pointer, not the file", ["run `dvc pull`"]);

export const isDocument = (kind: "a web page (HTML)" | "XML" | "JSON") =>
  new UnusableFile(`it is ${kind}, such as an error message that was saved in its place`, [
    "open it, and download the file again",
  ]);

// Text.

export const onlyEmptyLines = () => new UnusableFile("it holds only empty lines", ["write at least a header row"]);

export const longHeader = () =>
  new UnusableFile("its header row is longer than 1 MiB", ["check its line ends and quotes"]);

export const invalidUtf8 = (line: number) =>
  new UnusableFile(`line ${line} is not valid UTF-8`, ["save the file as UTF-8"]);

export const endOfFileCharacter = (line: number) =>
  new UnusableFile(`line ${line} ends the file with an end-of-file character (0x1A)`, [
    "delete it: it is read as a value",
  ]);

/** @param strayQuoteLine - where a quote stands inside a field, which is often the cause. */
export function raggedLine(
  line: number,
  fields: number,
  width: number,
  strayQuoteLine: number | undefined,
): UnusableFile {
  const options = ['give all rows the same number of fields, with values that hold the delimiter in double quotes (")'];
  if (fields === 1) options.unshift("delete the line if it is a note");
  if (width === 1) options.push(`delete what stands above line ${line} if it is a title or a comment`);
  if (strayQuoteLine !== undefined)
    options.push(`check the quote on line ${strayQuoteLine}: it is not at the start of its field`);
  return new UnusableFile(`line ${line} has ${counted(fields, "field")}, and the header has ${width}`, options);
}

const TWICE = 'write quotes that belong to a value twice, inside quotes: "a ""b""", not "a" b and not "a \\"b\\""';

export const openQuote = (line: number) =>
  new UnusableFile(`the quote that opens on line ${line} is never closed`, ["close it", TWICE]);

export function textAfterQuote(line: number, openedOnLine: number): UnusableFile {
  const opening = openedOnLine === line ? "" : `; its value opens on line ${openedOnLine}`;
  return new UnusableFile(`line ${line} has text after a closing quote${opening}`, [
    "delete spaces between the closing quote and the delimiter",
    TWICE,
  ]);
}

export const loneCr = (line: number) =>
  new UnusableFile(`line ${line} holds a carriage return (CR) without a line feed`, [
    "save the file with LF or CRLF line ends: readers disagree whether a row ends at a CR",
  ]);

export const nulByte = (line: number) =>
  new UnusableFile(`line ${line} holds a NUL byte, which is not text`, ["export the file again, as UTF-8"]);

export const unknownDelimiter = (mark: string) =>
  new UnusableFile(`line 1 names ${mark} as the delimiter`, ["write comma, semicolon, tab or pipe"]);

export const otherNamedDelimiter = () =>
  new UnusableFile("line 1 names its delimiter (sep=) in a form that Excel does not read", [
    "delete the line, or write no more than sep=; in it",
  ]);

/** @param headerLine - from 2. */
export function titleAbove(headerLine: number, width: number, delimiter: string): UnusableFile {
  const lines = headerLine === 2 ? "line 1 is not a header" : `lines 1 to ${headerLine - 1} are not a header`;
  return new UnusableFile(`${lines}: the lines below have ${width} fields, separated by ${delimiter}`, [
    `delete ${headerLine === 2 ? "the title" : "the titles"} above line ${headerLine}`,
  ]);
}

export const delimiterAtEnd = (line: number, delimiter: string, fields: number, width: number) =>
  new UnusableFile(`the rows end in ${delimiter}: line ${line} has ${fields} fields, and the header has ${width}`, [
    "delete the delimiter at the end of the rows, or add it to the header",
  ]);

export const delimiterAtHeaderEnd = (line: number, delimiter: string, width: number, fields: number) =>
  new UnusableFile(
    `the header on line ${line} ends in ${delimiter} and has ${width} fields, and the rows have ${fields}`,
    ["delete the delimiter at the end of the header, or add it to the rows"],
  );

export const separatedBySpaces = () =>
  new UnusableFile("its values are separated by spaces, which are not read as delimiters", [
    "write commas (R: write.csv)",
  ]);

export const ruledLine = (line: number) =>
  new UnusableFile(`line ${line} is a ruled line, as in a table that is laid out for people`, ["export it as CSV"]);

export const quotedLine = (line: number) =>
  new UnusableFile(`line ${line} and all below are in quotes as a whole, so that each is one value`, [
    "delete the quotes around the lines",
  ]);

export const typeLine = () =>
  new UnusableFile("line 1 names a type of PowerShell (#TYPE) and is not a header", [
    "delete it, or write with Export-Csv -NoTypeInformation",
  ]);

export const nameMissing = (line: number, width: number, fields: number) =>
  new UnusableFile(
    `the header on line ${line} has ${counted(width, "name")}, and all lines below have ${fields} fields`,
    ["delete the line if it is a title", "add the missing name (R: write.table with col.names = NA)"],
  );

// Its header. `header` says where it is.

export const headerOnLine = (line: number) => `the header on line ${line}`;

export const headerOfSheet = () => "the header row of its sheet";

export const tooManyColumns = (header: string, columns: number | undefined, most: number) =>
  new UnusableFile(
    columns === undefined
      ? `${header} has more than ${most} columns`
      : `${header} has ${columns} columns, and the limit is ${most}`,
    ["remove columns"],
  );

export const isTitle = (header: string, named: number, columns: number) =>
  new UnusableFile(`${header} names ${named} of ${columns} columns, so it is a title or empty`, [
    "delete the lines above the names of the columns",
  ]);

const ADD_HEADER = "add the header, if it is missing";

/** A delimiter of several characters, such as `|~|`, leaves a column of its middle between each two. */
export const fillerColumns = (header: string, filler: string) =>
  new UnusableFile(`${header} has "${filler}" between all names; does the delimiter have several characters?`, [
    "write one character as the delimiter",
  ]);

/**
 * @param property - `eventLog.caseId`, as the user wrote it.
 * @param cause - what is odd about the file, which may be why.
 */
export function columnMissing(
  property: string,
  name: string,
  columns: readonly string[],
  cause: string | undefined,
): UnusableFile {
  const names = columns.map((column) => `"${column}"`);
  return new UnusableFile(`it has no column "${name}" (${property})`, [
    `name one of its columns: ${fitting(names)}`,
    ...(cause === undefined ? [] : [cause]),
  ]);
}

/** @param property - `eventLog.caseId`, as the user wrote it. */
export const columnTwice = (property: string, name: string, first: number, second: number) =>
  new UnusableFile(`columns ${first} and ${second} are both named "${name}" (${property})`, [
    "rename or remove one of them",
  ]);

const LIST_CHARACTERS = 90;

/** As many items as an option may show. */
function fitting(items: readonly string[]): string {
  let most = items.length;
  while (most > 1 && listed(items, most).length > LIST_CHARACTERS) most -= 1;
  return listed(items, most);
}

/** @param value - {@link timeIn} or {@link numberIn}: without a header, the first row is taken for one. */
export const headerMissing = (property: string, name: string, value: string) =>
  new UnusableFile(`it has no column "${name}" (${property}), but a ${value} of its header`, [ADD_HEADER]);

export const timeIn = (column: number) => `time in column ${column}`;

export const numberIn = (column: number) => `number in column ${column}`;

export const codeIn = (column: number) => `code in column ${column}, like those below it`;

// A workbook.

export const notAWorkbook = () => new UnusableFile("it is not an Excel workbook (.xlsx)", ["correct its extension"]);

/** `~$Orders.xlsx`, which a pattern of names may take in. */
export const isOwnerFile = () =>
  new UnusableFile("it is not the workbook, but the lock file that Excel keeps while the workbook is open", [
    "name the file without ~$ before its name; a pattern must leave out names that begin with ~$",
  ]);

export const bytesBefore = (bytes: number) =>
  new UnusableFile(`${counted(bytes, "byte")} ${bytes === 1 ? "stands" : "stand"} before the workbook in it`, [
    "download or save it again",
  ]);

/** @param what - with its article. */
export const otherArchive = (what: string) => new UnusableFile(`it is ${what}`, ["save it as .xlsx or CSV"]);

export const BINARY_WORKBOOK = "a binary Excel workbook (.xlsb)";

export const OPEN_DOCUMENT = "an OpenDocument file (.ods)";

export const NUMBERS = "an Apple Numbers file";

export const ZIP_ARCHIVE = "a zip archive without a workbook";

export const sheetIsEmpty = () => new UnusableFile("its sheet is empty", ["write at least a header row"]);

export const noSheetWithCells = () => new UnusableFile("it has no sheet with cells", ["write a table to one sheet"]);

export const severalSheets = (names: readonly string[]) =>
  new UnusableFile(`it has ${names.length} sheets with cells: ${listed(names, 2)}`, [
    "keep one, or save each as a file",
  ]);

export const tooManyRows = (most: number) =>
  new UnusableFile(`its sheet has more than ${most} rows`, ["save it as CSV"]);

export const tooManyTexts = (most: number) =>
  new UnusableFile(`it has more than ${most} different texts`, ["save it as CSV"]);

export const longSheetHeader = () =>
  new UnusableFile("the header row of its sheet is longer than 1 MiB", ["shorten the names of its columns"]);

export const sheetTitle = (row: number, column: number) =>
  new UnusableFile(
    `the first row of its sheet has 1 value, and row ${row} reaches column ${column}, so it is a title`,
    ["delete the rows above the names of the columns"],
  );

export const rowsOutOfOrder = (row: number, before: number) =>
  new UnusableFile(`row ${row} of its sheet stands behind row ${before}`, ["save it again in Excel"]);

export const unnamedColumn = (row: number, column: number, named: number) =>
  new UnusableFile(`row ${row} of its sheet has a value in column ${column}, and the header names ${named}`, [
    "name the columns that have values, or empty them",
    "delete the rows above the names of the columns, if there are such rows",
  ]);

export const partMissing = (part: string) =>
  new UnusableFile(`it is not a valid workbook: its part ${part} is missing`, ["save it again"]);

export const partTooLarge = (part: string, sizeBytes: number) =>
  new UnusableFile(`its part ${part} would unpack to ${sizeBytes} bytes, as no valid workbook does`, [
    "save it as CSV",
  ]);

export const brokenWorkbook = (reason: string) =>
  new UnusableFile(`it is not a valid workbook (${reason})`, ["save it again"]);

export const tooManyParts = (parts: number) => `it has ${parts} parts`;

export const partOf = (name: string) => `its part ${name}`;

// XML.

export const invalidXml = (what: string, line: number, problem: string) =>
  new UnusableFile(`${what} is not valid XML: line ${line}: ${problem}`, ["export it again"]);

/** @param what - as of `invalidXml`. */
export const otherBytes = (what: string, line: number, problem: string) =>
  new UnusableFile(`${what} is not valid XML: line ${line}: ${problem}`, [
    "save it as UTF-8",
    "name its encoding in its first line",
  ]);

export const otherRoot = (name: string) =>
  new UnusableFile(`its root is <${name}>, expected <log> for an XES log`, ["export it again as XES"]);

export const isObjectCentric = () =>
  new UnusableFile("it is an object-centric log (OCEL), not XES", [
    "export it as XES or CSV, with one case id an event",
  ]);

export const nestedTrace = (line: number) =>
  new UnusableFile(`line ${line}: a trace opens inside another one`, ["export it again"]);

export const unknownEncoding = (name: string) =>
  new UnusableFile(`its encoding "${name}" is not known`, ["save it as UTF-8"]);

export const otherEncodingNamed = (name: string) =>
  new UnusableFile(`its first line names the encoding "${name}", and its bytes are in another one`, [
    'write encoding="UTF-8" in its first line',
  ]);

export const isNotXml = () => new UnusableFile("it is not XML", ["correct its extension", "export it again as XES"]);

export const noWebAssembly = (reason: string) =>
  new UnusableFile(`this Node cannot read it: WebAssembly is off (${reason})`, ["start Node without --jitless"]);

/** By the number of core/xml-problem.ts. */
export const XML_PROBLEMS: readonly string[] = [
  "",
  "text stands outside the root element",
  "a closing tag does not match the element that is open",
  'a "&" does not begin an entity of XML (write &amp;)',
  "elements are nested more than 256 deep",
  "one element is longer than 16 MiB",
  "the element that opens here is never closed",
  "a character is not allowed in XML",
  "an attribute is not written as name, =, and a value in quotes",
  "a tag has an attribute twice",
  '"<" is not followed by the name of an element (write &lt;)',
  'a comment holds "--"',
  "an instruction is not allowed here",
  "a DOCTYPE is not allowed here",
  'a value holds "<" (write &lt;)',
  'a text holds "]]>" (write ]]&gt;)',
  "there is a second root element",
  "there is no element",
  "the file ends inside markup, or has markup that XML does not know",
  "a tag has more than 1024 attributes",
  "",
  "",
  "",
  "<?xml …?> does not stand at the very start (delete what is before it)",
];

export const notInItsEncoding = () => "bytes are not valid in its encoding";

export const notInUtf8 = () => "bytes are not valid UTF-8";

// What is odd about a file that can be uploaded: one clause each, without a full stop.

export const noRows = () => "it has a header and no rows";

export const noEvents = () => "it has no events";

export const namedDelimiter = () => "line 1 (sep=) is not counted; readers other than Excel take it for the header";

export const otherDelimiters = (taken: string, others: readonly string[]) =>
  `${taken} was taken as the delimiter; ${others.join(" and ")} would split its first lines evenly too`;

export const strayQuotes = (count: number, line: number) =>
  `${counted(count, "quote")} inside unquoted fields, the first on line ${line}; some readers fail there`;

export const mixedLineEnds = (lf: number, crlf: number) =>
  `its rows end in LF (${lf}) and in CRLF (${crlf}); some readers accept only one kind`;

export const emptyLines = (count: number) => `${counted(count, "empty line")} not counted as rows`;

export const repeatedHeader = (count: number, line: number, place = "line") =>
  `${count === 1 ? "1 row repeats" : `${count} rows repeat`} the header, the first on ${place} ${line}, as in joined files`;

/** Of more than half of the rows: not the headers of joined files. */
export const mostlyHeaders = (count: number, line: number) =>
  `${counted(count, "row")} are equal to the header, the first on line ${line}; is the header missing?`;

export function oneColumn(mark?: string): string {
  return mark === undefined
    ? "it has one column only"
    : `it has one column only; is ${mark} the delimiter? Comma, semicolon, tab and pipe are read`;
}

/** Most lines below the first have a delimiter in common. */
export const oneColumnBelow = (first: number, line: number, width: number, delimiter: string) =>
  `it has one column only; is line ${first} a title? Line ${line} has ${width} fields, separated by ${delimiter}`;

/** @param delimiter - the one that the header would have, but for its quotes. */
export const oneColumnOfQuotes = (delimiter: string) =>
  `it has one column only; if ${delimiter} is the delimiter, the quotes in its header are wrong`;

export const quotedLines = () => "it has one column only: each line is in quotes as a whole";

/** Where the columns without a name stand. */
export type Unnamed = "first" | "first and empty" | "last" | "both ends" | "each second" | "between";

export function columnsWithoutName(header: string, columns: readonly number[], where: Unnamed): string {
  const which =
    columns.length === 1
      ? `column ${columns[0]} of ${header} has no name`
      : `${columns.length} columns of ${header}, the first ${columns[0]}, have no name`;
  const cause = {
    first: "; is it an index of pandas (index=False) or R (row.names = FALSE)?",
    "first and empty": "; does each line begin with a delimiter?",
    last: "; does each line end in a delimiter?",
    "both ends": "; does each line begin and end with a delimiter?",
    "each second": "; is the delimiter written twice?",
    between: "",
  };
  return which + cause[where];
}

/** @param more - other names that occur more than once. */
export const namesRepeated = (header: string, first: number, second: number, name: string, more: number) =>
  `columns ${first} and ${second} of ${header} are both named "${name}"` +
  (more === 0 ? "" : `, and ${more === 1 ? "1 more name repeats" : `${more} more names repeat`}`);

export const secondByteOrderMark = (header: string) =>
  `column 1 of ${header} begins with a second byte order mark, read as part of its name`;

/** @param opening - what stands before each name. */
export const otherQuotes = (header: string, opening: string) =>
  `all names in ${header} are in quotes that begin with ${opening}, which are read as part of them`;

export const spaceAroundName = (header: string, column: number) =>
  `column ${column} of ${header} has whitespace around its name, which is read as part of it`;

export const longDelimiter = (header: string, mark: string) =>
  `"${mark}" stands on both sides of each delimiter in ${header}; does the delimiter have several characters?`;

export const headerIsComment = (header: string) => `${header} begins with "# "; is it a comment?`;

export const underline = (line: number) => `line ${line} underlines the header and counts as a row; delete it`;

/** @param what - one of the three below. */
export const otherThanNamed = (what: string) => `it is ${what}; save it as .xlsx in Excel`;

export const NEWER_WORKBOOK = "a workbook of the newer format, not .xls";

export const isMarkup = (format: string) => `HTML or XML, not .${format}`;

export const isNoWorkbook = (format: string) => `not a workbook, though it is named .${format}`;

export const headerIsRow = (header: string, value: string) =>
  `${header} has a ${value}, so it may be a row; is the header missing?`;

export const rowsWithout = (rows: number, what: string, first: number, place: string) =>
  `${rows === 1 ? "1 row has" : `${rows} rows have`} no ${what}, the first on ${place} ${first}`;

export const eventsWithout = (events: number, key: string, line: number) =>
  `${events === 1 ? "1 event has" : `${events} events have`} no ${key}, the first on line ${line}`;

export const tracesWithoutName = (traces: number, line: number) =>
  `${traces === 1 ? "1 trace has" : `${traces} traces have`} no concept:name, the first on line ${line}`;

/** @param names - how many different ones they have. */
export const sharedTraceNames = (traces: number, names: number) =>
  `${traces} traces have only ${names === 1 ? "1 name" : `${names} names`}; readers that take it for the case id join them`;

export const misplacedEvents = (events: number, line: number) =>
  `${events === 1 ? "1 event is" : `${events} events are`} not counted: outside of traces or inside other events, ` +
  `the first on line ${line}`;

export const ignoredEncoding = (name: string) =>
  `its first line names the encoding "${name}", and it was read as UTF-8, as its bytes are`;

export const notUtf8 = (name: string) =>
  `its encoding is "${name}"; readers of XES that expect UTF-8 show other letters, or reject it`;

export const repeatedKeys = (events: number, line: number) =>
  `${events === 1 ? "1 event has" : `${events} events have`} two names or times, the first on line ${line}; the last one counts`;

export const unreadTimes = (rows: number, place: string, first: number) =>
  `${rows === 1 ? "1 row has" : `${rows} rows have`} a time that is empty or not read, the first on ${place} ${first}`;

export const mixedZones = (unzoned: number, zoned: number) =>
  `${unzoned === 1 ? "1 time names no zone and counts" : `${unzoned} times name no zone and count`} as UTC, while ` +
  `${zoned === 1 ? "1 names" : `${zoned} name`} one`;

export const serialTimes = (count: number) =>
  `${count === 1 ? "1 time is a number, and counts" : `${count} times are numbers, and count`} as days since 1899-12-30 as in Excel`;

export const ambiguousDates = (isEither: boolean) =>
  `the first and last event are not shown, as its dates ${isEither ? "may be day first or month first" : "mix day first and month first"}`;

export const bytesBehind = (bytes: number) => `${bytes} bytes follow the end of the workbook and are not read`;

export const emptySheets = (names: readonly string[]) =>
  `it has ${names.length === 1 ? "a sheet" : `${names.length} sheets`} without cells: ${listed(names, 2)}`;

export const hiddenSheet = (name: string) => `its sheet with cells is hidden: ${name}`;
