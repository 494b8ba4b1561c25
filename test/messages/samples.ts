import { type ErrorCode, type ErrorDetails, type ErrorText, ProcessMindError } from "../../provider/errors";
import type { CheckFailure } from "../../provider/lifecycles/context";
import * as changes from "../../provider/messages/changes";
import * as doing from "../../provider/messages/doing";
import * as files from "../../provider/messages/files";
import * as inputs from "../../provider/messages/inputs";
import { inLines, Message, UnusableFile } from "../../provider/messages/message";
import * as objects from "../../provider/messages/objects";
import * as program from "../../provider/messages/program";
import * as requests from "../../provider/messages/requests";
import * as uploads from "../../provider/messages/uploads";
import { UNKNOWN } from "../../provider/unknown";

/**
 * Every message of the provider, with values as long as real ones: ids of 36 characters, names and paths of 20 to 30. A
 * function of provider/messages without a sample here does not compile.
 */

/** A message, or a part of one: its sample puts it into the message that it is for. */
type Sample = ProcessMindError | UnusableFile | Message | CheckFailure | string;
type Call = (...args: never[]) => unknown;
type Samples<M> = {
  [K in keyof M as M[K] extends Call ? K : never]: (say: M[K]) => Sample | Sample[];
};

const ID = "7d3f1c52-9a4e-4b7d-8f60-2c1e5a9b3d47";
const OTHER_ID = "0b6a9c1e-3f52-4d8a-b7e1-6f2d4c8a5e90";
const TENANT = "c4e8a2d6-1b3f-4975-8ace-5d7f9b0e2c31";
const NAME = "Orders of Europe";
const FILE = "orders-2026-11.csv";
const SOURCE = "data/orders-2026-11.csv";
const COLUMN = "delivery_confirmed";
const COLUMNS = ["case_id", "activity", "timestamp", "cost_center", "responsible_user"];
const CANDIDATES = [ID, OTHER_ID, TENANT].map((id) => ({ id, displayName: NAME }));
const DETAILS: ErrorDetails = {
  method: "GET",
  path: `/tenant/${TENANT}/datatable/${ID}`,
  status: 503,
  requestId: OTHER_ID,
  attempts: 4,
};
const READING = doing.reading("Datatable", ID);
const UPLOADING = doing.uploading(FILE, ID);

const error = (code: ErrorCode, text: Omit<ErrorText, "doing">, details: ErrorDetails = {}, what = READING) =>
  new ProcessMindError(code, { doing: what, ...text }, details);
const whileDoing = (what: string, details = DETAILS) =>
  error("SERVER_ERROR", requests.rejected(503, NAME, true), details, what);
const warning = (text: string) => uploads.fileWarning(SOURCE, text);
const HEADER = files.headerOnLine(12);

const CHANGES: Samples<typeof changes> = {
  firstUpload: (say) => say(),
  sentAgain: (say) => say(["fileName", "contentType", "triggers"]),
  sameContent: (say) => say(),
  appended: (say) => say(changes.bytes(29_027)),
  bytes: (say) => changes.appended(say(1_234_567)),
  rewritten: (say) => [say(), say(changes.asMany(15_000, "row"), changes.swapped("delimiter", "comma", "semicolon"))],
  sameRows: (say) => changes.rewritten(say(false)),
  rowsDiffer: (say) => changes.rewritten(say("≈ 1,234", false, 15_000)),
  asMany: (say) => changes.rewritten(say(15_000, "row")),
  moreOrFewer: (say) => [changes.rewritten(say(-320, "row", " (-39 %)")), changes.rewritten(say(1, "event", ""))],
  otherColumns: (say) => changes.rewritten(say(true)),
  swapped: (say) => changes.rewritten(say("line endings", "LF", "CRLF")),
  sent: (say) => say(25, "416.4 MB", 1_234_567, 3),
};

const DOING: Samples<typeof doing> = {
  readingTheConfiguration: () => program.noApiKey(),
  runningThePackage: () => program.providerBug("TypeError", "TypeError: x is not a function at provider/x.js:1:2"),
  declaring: () => program.notOneFile(NAME, true),
  lookingUp: () => program.badArguments("Datatable", program.noKey()),
  lookingUpByName: () => program.noneNamed("Dataset", NAME, `tenant "${TENANT}"`, CANDIDATES),
  listingDatasets: (say) => whileDoing(say(TENANT)),
  listingDatatables: (say) => whileDoing(say(TENANT)),
  listingDatatablesIn: () => program.datasetNotReported(ID, NAME),
  reading: (say) => whileDoing(say("Datatable", ID)),
  readingNamed: (say) => requests.notConfirmedDeleted(say("Datatable", NAME, ID), "has it"),
  creating: (say) => whileDoing(say("TreeGroup", NAME)),
  creatingIn: (say) => whileDoing(say(ID, NAME)),
  adopting: () => objects.adoptionMismatch("Datatable", NAME, ID, [objects.isOther("datasetId", ID, OTHER_ID)]),
  deleting: (say) => whileDoing(say("Datatable", ID)),
  deletingNamed: () => objects.notDeleted("Datatable", NAME, ID, true),
  presigning: (say) => whileDoing(say(ID)),
  uploading: (say) => whileDoing(say(FILE, ID)),
};

const FILES: Samples<typeof files> = {
  isDirectory: (say) => say(),
  notRegular: (say) => say(),
  isEmpty: (say) => say(),
  tooLarge: (say) => say(5_368_709_121),
  linkLoop: (say) => say(),
  brokenLink: (say) => say(),
  noSuchFile: (say) => [say("process-mining", FILE), say("process-mining", undefined)],
  noPermission: (say) => say(),
  notOpened: (say) => [say("EMFILE"), say(undefined)],
  notRead: (say) => say("EIO"),
  changedWhileRead: (say) => say(),
  formatNotRead: (say) => warning(say("xlsb")),
  isOtherEncoding: (say) => say("UTF-16"),
  isZip: (say) => say(),
  isCompressed: (say) => say("Zstandard"),
  isBinary: (say) => say("an SQLite database"),
  isDvcPointer: (say) => say(),
  isGzip: (say) => say(),
  isOldWorkbook: (say) => say(),
  isLfsPointer: (say) => say(),
  isAnnexPointer: (say) => say(),
  isDocument: (say) => [say("a web page (HTML)"), say("XML"), say("JSON")],
  onlyEmptyLines: (say) => say(),
  longHeader: (say) => say(),
  invalidUtf8: (say) => say(1_234_567),
  endOfFileCharacter: (say) => say(1_234_567),
  raggedLine: (say) => [say(1_234_567, 17, 16, undefined), say(1_234_567, 1, 16, 1_234_560)],
  openQuote: (say) => say(1_234_567),
  textAfterQuote: (say) => [say(1_234_567, 1_234_567), say(1_234_567, 1_234_560)],
  loneCr: (say) => say(1_234_567),
  nulByte: (say) => say(1_234_567),
  unknownDelimiter: (say) => say('"~"'),
  titleAbove: (say) => [say(2, 16, '";"'), say(10, 16, "tab")],
  delimiterAtEnd: (say) => say(1_234, '";"', 17, 16),
  otherNamedDelimiter: (say) => say(),
  quotedLine: (say) => say(1_234_567),
  typeLine: (say) => say(),
  delimiterAtHeaderEnd: (say) => say(1_234, '";"', 17, 16),
  nameMissing: (say) => say(12, 16, 17),
  separatedBySpaces: (say) => say(),
  ruledLine: (say) => say(10),
  fillerColumns: (say) => say(HEADER, "~"),
  headerOnLine: (say) => files.tooManyColumns(say(12), 20_000, 16_384),
  headerOfSheet: (say) => files.tooManyColumns(say(), undefined, 16_384),
  tooManyColumns: (say) => [say(HEADER, 20_000, 16_384), say(files.headerOfSheet(), undefined, 16_384)],
  isTitle: (say) => say(HEADER, 1, 16),
  columnMissing: (say) => [
    say("eventLog.timestamp", COLUMN, COLUMNS, undefined),
    say("eventLog.caseId", COLUMN, COLUMNS, files.columnsWithoutName(HEADER, [1], "first")),
  ],
  columnTwice: (say) => say("eventLog.timestamp", COLUMN, 12, 16),
  headerMissing: (say) => say("eventLog.timestamp", COLUMN, files.timeIn(12)),
  timeIn: (say) => files.headerMissing("eventLog.activity", COLUMN, say(12)),
  numberIn: (say) => files.headerMissing("eventLog.caseId", COLUMN, say(12)),
  rowsOutOfOrder: (say) => say(1, 1_048_576),
  codeIn: (say) => warning(files.headerIsRow(HEADER, say(12))),
  notAWorkbook: (say) => say(),
  isOwnerFile: (say) => say(),
  bytesBefore: (say) => [say(1), say(4_000)],
  otherArchive: (say) =>
    [files.BINARY_WORKBOOK, files.OPEN_DOCUMENT, files.NUMBERS, files.ZIP_ARCHIVE].map((what) => say(what)),
  sheetIsEmpty: (say) => say(),
  noSheetWithCells: (say) => say(),
  severalSheets: (say) => say(['"Order lines"', '"Customers of 2026"', '"Notes"']),
  tooManyRows: (say) => say(1_048_576),
  tooManyTexts: (say) => say(5_000_000),
  longSheetHeader: (say) => say(),
  sheetTitle: (say) => say(123, 16),
  unnamedColumn: (say) => say(1_234, 17, 16),
  partMissing: (say) => say("xl/worksheets/sheet1.xml"),
  partTooLarge: (say) => say("xl/worksheets/sheet1.xml", 8_589_934_592),
  brokenWorkbook: (say) => [say("end of central directory record not found"), say(files.tooManyParts(12_345))],
  tooManyParts: (say) => files.brokenWorkbook(say(12_345)),
  partOf: (say) => files.otherBytes(say("xl/worksheets/sheet1.xml"), 1_234, files.notInUtf8()),
  invalidXml: (say) =>
    files.XML_PROBLEMS.filter((problem) => problem !== "").map((problem) => say("it", 1_234, problem)),
  otherBytes: (say) => [say("it", 1_234_567, files.notInUtf8()), say("it", 1_234, files.notInItsEncoding())],
  otherRoot: (say) => say("worksheet"),
  isObjectCentric: (say) => say(),
  nestedTrace: (say) => say(1_234_567),
  unknownEncoding: (say) => say("x-mac-unknown"),
  otherEncodingNamed: (say) => say("UTF-16"),
  isNotXml: (say) => say(),
  noWebAssembly: (say) => say("WebAssembly is not defined"),
  notInItsEncoding: (say) => files.otherBytes("it", 1_234_567, say()),
  notInUtf8: (say) => files.otherBytes("it", 1_234_567, say()),
  noRows: (say) => warning(say()),
  noEvents: (say) => warning(say()),
  namedDelimiter: (say) => warning(say()),
  otherDelimiters: (say) => warning(say("tab", ['";"', '"|"', '","'])),
  strayQuotes: (say) => warning(say(1_234, 1_234_567)),
  mixedLineEnds: (say) => warning(say(1_234_567, 1_234)),
  emptyLines: (say) => warning(say(1_234)),
  repeatedHeader: (say) => [warning(say(1, 4_601)), warning(say(12, 1_234_567, "row"))],
  mostlyHeaders: (say) => warning(say(12, 1_234_567)),
  oneColumn: (say) => [warning(say()), warning(say("the space"))],
  oneColumnBelow: (say) => warning(say(12, 1_234, 16, "tab")),
  oneColumnOfQuotes: (say) => warning(say("tab")),
  namesRepeated: (say) => [
    warning(say(HEADER, 12, 16, COLUMN, 0)),
    warning(say(files.headerOfSheet(), 1, 2, COLUMN, 1)),
    warning(say(HEADER, 12, 16, COLUMN, 14)),
  ],
  columnsWithoutName: (say) => [
    warning(say(HEADER, [1], "first")),
    warning(say(HEADER, [3, 5], "between")),
    warning(say(files.headerOfSheet(), [15, 16], "last")),
    warning(say(HEADER, [1, 16], "both ends")),
    warning(say(HEADER, [2, 4, 6], "each second")),
  ],
  secondByteOrderMark: (say) => warning(say(HEADER)),
  otherQuotes: (say) => warning(say(HEADER, "'")),
  spaceAroundName: (say) => warning(say(HEADER, 12)),
  longDelimiter: (say) => warning(say(HEADER, "^")),
  headerIsComment: (say) => warning(say(HEADER)),
  quotedLines: (say) => warning(say()),
  underline: (say) => warning(say(10)),
  otherThanNamed: (say) => warning(say(files.NEWER_WORKBOOK)),
  isMarkup: (say) => warning(files.otherThanNamed(say("xlsb"))),
  isNoWorkbook: (say) => warning(files.otherThanNamed(say("xlsb"))),
  headerIsRow: (say) => warning(say(files.headerOfSheet(), files.numberIn(12))),
  rowsWithout: (say) => [warning(say(1, "case id", 1_234, "line")), warning(say(1_234, "activity", 1_234_567, "row"))],
  eventsWithout: (say) => [warning(say(1, "concept:name", 1_234)), warning(say(1_234, "time:timestamp", 1_234_567))],
  tracesWithoutName: (say) => [warning(say(1, 12)), warning(say(1_234, 1_234_567))],
  sharedTraceNames: (say) => [warning(say(2, 1)), warning(say(1_234_567, 1_234_566))],
  misplacedEvents: (say) => [warning(say(1, 12)), warning(say(1_234, 1_234_567))],
  ignoredEncoding: (say) => warning(say("x-mac-unknown")),
  notUtf8: (say) => warning(say("windows-1252")),
  repeatedKeys: (say) => [warning(say(1, 12)), warning(say(1_234, 1_234_567))],
  unreadTimes: (say) => [warning(say(1, "line", 12)), warning(say(1_234, "row", 1_234_567))],
  mixedZones: (say) => [warning(say(1, 1)), warning(say(1_234_567, 1_234))],
  serialTimes: (say) => [warning(say(1)), warning(say(1_234_567))],
  ambiguousDates: (say) => [warning(say(true)), warning(say(false))],
  bytesBehind: (say) => warning(say(65_535)),
  emptySheets: (say) => [warning(say(['"Notes"'])), warning(say(['"Notes" (hidden)', '"Customers"', '"More"']))],
  hiddenSheet: (say) => warning(say('"Order lines" (hidden)')),
};

const INPUTS: Samples<typeof inputs> = {
  notAProperty: (say) => [
    say("forceDestory", "forceDestroy", ["displayName", "forceDestroy"]),
    say(
      "owner",
      undefined,
      [...Array(18).keys()].map((index) => `property${index}`),
    ),
  ],
  isRequired: (say) => Object.values(inputs.WHAT).map((what) => say("whenTableHasRows", what)),
  idIsRequired: (say) => say("datatableId", inputs.WHAT.datatableId, "Datatable"),
  tenantIsRequired: (say) => say(),
  mustBeText: (say) => say("treeParentId", "an object", inputs.WHAT.treeParentId),
  mustNotBeEmpty: (say) => say("treeParentId", inputs.WHAT.treeParentId),
  mustBeBoolean: (say) => say("forceDestroy", "a string"),
  mustBeOneOf: (say) => say("whenTableHasRows", ["error", "send", "skip"], ID),
  mustBeNumber: (say) => say("validForSeconds", inputs.numberOf("seconds", true), inputs.fromTo(1, 604_800)),
  numberOf: (say) => inputs.mustBeNumber("timeoutSeconds", say("seconds"), inputs.above(0, 86_400)),
  above: (say) => inputs.mustBeNumber("timeoutSeconds", inputs.numberOf("seconds"), say(0, 86_400)),
  fromTo: (say) => inputs.mustBeNumber("maxRowDropPercent", inputs.numberOf("percent"), say(0, 100)),
  mustBeTexts: (say) => say("requireColumns", inputs.WHAT.requireColumns),
  mustMatch: (say) => say("acceptSha256", inputs.WHAT.acceptSha256, "A".repeat(64)),
  mustNameColumns: (say) => say("eventLog", ["caseId", "activity", "timestamp"]),
  needsEventLog: (say) => say("forbidNewActivities"),
  mustBeOneLine: (say) => say("fileName", `${FILE}\n`),
  mustHaveNoFolder: (say) => say("fileName", SOURCE),
  mustHaveSlashes: (say) => say("C:\\exports\\2026-11\\europe\\order-lines-of-the-month.csv"),
  unknownExtension: (say) => {
    const known = ["csv", "tsv", "txt", "xls", "xlsx", "xlsb", "xes"];
    return [say("fileName", "order-lines-2026-11", "", known), say("source", "orders.parquet", "parquet", known)];
  },
  cannotChange: (say) => [
    say("dataset", "displayName", NAME, "Order lines of Europe 2027"),
    say("dataset", "treeNodeType", "TreeGroup", "Dataset"),
    say("dataset", "treeParentId", undefined, ID),
    say("dataset", "treeParentId", ID, UNKNOWN),
    say("datatable", "displayName", ID, OTHER_ID),
    say("datatable", "datasetId", ID, OTHER_ID),
    say("datatable", "datasetId", ID, UNKNOWN),
    say("datatable", "tenantId", ID, TENANT),
  ],
  adoptedCannotBeReplaced: (say) => say(["treeNodeType", "treeParentId", "displayName"]),
};

const lossOf = (holds: string, options: readonly string[] = objects.DATA_DELETION_OPTIONS) =>
  objects.dataWouldBeLost("Datatable", NAME, ID, holds, options);

const OBJECTS: Samples<typeof objects> = {
  alreadyExists: (say) => [say("TreeGroup", NAME, CANDIDATES.slice(0, 1)), say("Datatable", NAME, CANDIDATES)],
  ambiguousCreate: (say) => [
    say("Datatable", NAME, "none", [], whileDoing(doing.creatingIn(OTHER_ID, NAME))),
    say("Datatable", NAME, "several", CANDIDATES, error("BAD_RESPONSE", requests.notJson("text/html", 1_234))),
    say("Datatable", NAME, "no list", [], whileDoing(doing.listingDatatables(TENANT))),
  ],
  isOther: (say) => [
    objects.adoptionMismatch("Datatable", NAME, ID, [say("datasetId", TENANT, OTHER_ID)]),
    objects.adoptionMismatch("Dataset", "Sales", ID, [say("displayName", "Sale", "Sales")]),
  ],
  adoptionMismatch: (say) =>
    say("TreeGroup", NAME, ID, [
      objects.isOther("displayName", "Order lines", NAME),
      objects.isOther("treeParentId", undefined, OTHER_ID),
    ]),
  adopts: (say) => [say("Datatable", NAME, ID), say("Datatable", UNKNOWN, ID)],
  declaredTwice: (say) => say("Datatable", NAME, ID),
  adoptedStays: (say) => say("Datatable", NAME, ID),
  notDeleted: (say) => [say("Datatable", NAME, ID, true), say("TreeGroup", NAME, ID, false)],
  holdsRows: (say) => [lossOf(say(1_234_567)), lossOf(say(undefined))],
  holdsTableWithRows: (say) => [lossOf(say(NAME, 1_234_567, 25)), lossOf(say(NAME, null, 1)), lossOf(say(NAME, 1, 0))],
  tablesNotReported: (say) => lossOf(say()),
  childrenNotReported: (say) => lossOf(say(), objects.DELETION_OPTIONS),
  holdsChildren: (say) => [lossOf(say(CANDIDATES)), lossOf(say([{ id: ID }]))],
  dataWouldBeLost: (say) => say("TreeGroup", NAME, ID, objects.holdsChildren(CANDIDATES), objects.DELETION_OPTIONS),
  tableStillThere: (say) => say(NAME, ID),
  tablesStay: (say) => say(NAME, ID),
};

const PROGRAM: Samples<typeof program> = {
  noTenant: (say) => say(),
  noApiKey: (say) => say(),
  badApiKey: (say) => say(),
  badProxy: (say) => say("HTTPS_PROXY"),
  badApiUrl: (say) => [say("api.processmind.com", "not a URL"), say("http://api.processmind.com", "not https")],
  apiUrlWithMore: (say) => say(),
  badTimeout: (say) => say("processmind:timeoutSeconds", "two minutes", 86_400),
  cannotImport: (say) => [say("DatatableUpload", NAME, `"${ID}"`), say("Datatable", NAME, `"${ID}"`)],
  notOneFile: (say) => [say(NAME, true), say(NAME, false)],
  underBun: (say) => say("1.2.21"),
  providerBug: (say) => say("TypeError", "TypeError: x is not a function at provider/x.js:1:2"),
  badArguments: (say) => [say("Datatable", program.bothKeys()), say("Dataset", program.noKey())],
  bothKeys: (say) => program.badArguments("Datatable", say()),
  noKey: (say) => program.badArguments("Datatable", say()),
  keyIsNotText: (say) => program.badArguments("Datatable", say()),
  noDatasetId: (say) => program.badArguments("Datatable", say()),
  noneNamed: (say) => [
    say("Datatable", NAME, `Dataset "${ID}"`, CANDIDATES),
    say("Datatable", NAME, `Dataset "${ID}"`, []),
  ],
  severalNamed: (say) => say("Datatable", NAME, `Dataset "${ID}"`, CANDIDATES),
  datasetNotReported: (say) => say(ID, NAME),
};

const bad = (happened: string) => requests.badResponse(READING, happened, DETAILS);
const put = (code: ErrorCode, text: Omit<ErrorText, "doing">) =>
  error(code, text, { method: "PUT", path: "/b" }, UPLOADING);

const REQUESTS: Samples<typeof requests> = {
  badSegment: (say) => say(READING, ".."),
  outOfTime: (say) => error("TIMEOUT", say(120), { ...DETAILS, status: undefined }),
  noResponse: (say) => error("TIMEOUT", say(59.9), { ...DETAILS, status: undefined }),
  responseTooLarge: (say) => error("BAD_RESPONSE", say(16), DETAILS),
  tunnelRejected: (say) => [
    error("NETWORK", say("proxy.europe.example.com:3128", 407), { attempts: 4 }),
    put("NETWORK", say("proxy.example.com:3128", 0)),
  ],
  unreachable: (say) => error("NETWORK", say("ECONNREFUSED"), { attempts: 4 }),
  untrustedCertificate: (say) => [
    error("NETWORK", say("the API", "UNABLE_TO_VERIFY_LEAF_SIGNATURE")),
    put("NETWORK", say("storage", "DEPTH_ZERO_SELF_SIGNED_CERT")),
  ],
  connectionLost: (say) => [error("NETWORK", say("ECONNRESET"), { attempts: 4 }), put("NETWORK", say("EPROTO"))],
  responseCutShort: (say) => error("NETWORK", say(), DETAILS),
  emptyResponse: (say) => error("BAD_RESPONSE", say(), DETAILS),
  notJson: (say) => error("BAD_RESPONSE", say("text/html; charset=utf-8", 12_345), DETAILS),
  rejected: (say) =>
    [302, 400, 401, 403, 404, 408, 409, 429, 500, 503].flatMap((status) => [
      error("INVALID_REQUEST", say(status, undefined, false), { ...DETAILS, status }),
      error("INVALID_REQUEST", say(status, `no datatable has the id ${ID}`, true), { ...DETAILS, status }),
    ]),
  wrongType: (say) => [bad(say('"datatables"', "an object", "a list")), bad(say("the response", "null", "an object"))],
  inexactNumber: (say) => bad(say("treeParentId")),
  noId: (say) => requests.badResponse(READING, say(), DETAILS, requests.onlyKeys(COLUMNS.join(", "))),
  otherObject: (say) => bad(say(OTHER_ID)),
  noUploadUrl: (say) => [bad(say(true)), bad(say(false))],
  onlyKeys: (say) => requests.badResponse(READING, requests.noId(), DETAILS, say(COLUMNS.join(", "))),
  badResponse: (say) =>
    say(doing.creatingIn(ID, NAME), requests.wrongType("the response", "a list", "an object"), DETAILS),
  notConfirmedDeleted: (say) => [
    say(doing.readingNamed("TreeGroup", NAME, ID), "has it"),
    say(doing.readingNamed("Datatable", NAME, ID), "is missing too"),
    say(doing.readingNamed("Datatable", NAME, ID), "cannot be read", whileDoing(doing.listingDatatables(TENANT))),
  ],
  storageRejected: (say) => [
    say(UPLOADING, undefined, false, { ...DETAILS, status: 302 }),
    say(UPLOADING, '"AccessDenied: Request has expired"', true, { ...DETAILS, status: 403 }),
    say(UPLOADING, '"SignatureDoesNotMatch: The request signature does not match"', false, { ...DETAILS, status: 403 }),
    say(UPLOADING, '"SlowDown: Please reduce your request rate."', false, { ...DETAILS, status: 503 }),
  ],
  notByStorage: (say) => [say(UPLOADING, true, DETAILS), say(UPLOADING, false, { ...DETAILS, status: 200 })],
  unsafeUploadUrl: (say) => [
    put("BAD_RESPONSE", say("http://storage.example.com", false)),
    put("BAD_RESPONSE", say("https://storage.example.com", true)),
  ],
  uploadTooSlow: (say) => put("TIMEOUT", say(12_345.6)),
  noByteMoved: (say) => put("TIMEOUT", say(60)),
  engineEnded: (say) => put("NETWORK", say()),
  sourceUnreadable: (say) => put("SOURCE_UNREADABLE", say("EIO")),
  sourceChanged: (say) => put("SOURCE_CHANGED", say(requests.hasOtherSize(1_234_567, 1_234_560))),
  endedEarly: (say) => put("SOURCE_CHANGED", requests.sourceChanged(say(1_234_560, 1_234_567))),
  hasOtherSize: (say) => put("SOURCE_CHANGED", requests.sourceChanged(say(1_234_560, 1_234_567))),
  hasOtherBytes: (say) => put("SOURCE_CHANGED", requests.sourceChanged(say())),
};

const guard = (what: string, option?: string) =>
  uploads.guardRail("maxRowDropPercent", what, "0123456789abcdef".repeat(4), option);
const LONG_ACTIVITY = "Approve the purchase order of a supplie…";
const TWO_ACTIVITIES = `1,000: ${LONG_ACTIVITY}, ${LONG_ACTIVITY}, …`;
const THREE_COLUMNS = `5: ${COLUMNS.slice(0, 3).join(", ")}, …`;

const UPLOADS: Samples<Omit<typeof uploads, "NOT_CONFIRMED">> = {
  uploadCancelled: (say) => say(FILE, ID),
  sourceFault: (say) => say("SOURCE_UNREADABLE", FILE, ID, uploads.unusable(FILE, "it is empty", ["write a header"])),
  unusable: (say) => {
    const fault = files.noSuchFile("process-mining", FILE);
    return uploads.sourceFault("SOURCE_UNREADABLE", FILE, ID, say(FILE, fault.message, fault.options));
  },
  tableHasRows: (say) => say(FILE, ID, 1_234_567),
  sentDespiteUnknownRows: (say) => say(FILE, ID),
  sentDespiteRows: (say) => say(FILE, ID, 1_234_567),
  recordedNotSent: (say) => say(1_234_567),
  mayBeRecorded: (say) => say(),
  recorded: (say) => say(FILE, ID, 1_234_567),
  recordedWithMoreRows: (say) => say(FILE, ID, 1_234_560, 1_234_567),
  uploadRemoved: (say) => say(FILE, ID),
  otherRows: (say) => [say(FILE, ID, 1_234_567, 1_234_560), say(FILE, ID, 1_234_567, undefined)],
  waitingForRows: (say) => say(FILE),
  notConfirmed: (say) => {
    const { cancelled, notComparable, neverReported, unreadable, sameCount, noChange } = uploads.NOT_CONFIRMED;
    const reasons = [cancelled(), notComparable(), neverReported(), unreadable("SERVER_ERROR"), noChange(3_600)];
    return [...reasons, sameCount(1_234_567)].map((why) => say(FILE, ID, why));
  },
  rowsWereAdded: (say) => say(FILE, ID, 1_234_567, 1_234_567),
  sourceUnusable: (say) => [say(SOURCE, "it is empty", [], true), say(SOURCE, "it is empty", [], false)],
  keptFileMustBeSent: (say) => [
    say(uploads.ignoredBecause(), ["fileName", "contentType", "triggers"], false, uploads.stopIgnoring()),
    say(uploads.notHere(SOURCE), ["datatableId", "datasetId"], true, uploads.bringFile()),
  ],
  ignoredBecause: (say) => uploads.keepsLastUpload(say(), FILE, ID, undefined),
  notHere: (say) => uploads.keepsLastUpload(say(SOURCE), FILE, ID, FILE),
  stopIgnoring: (say) => uploads.keptFileMustBeSent(uploads.ignoredBecause(), ["triggers"], false, say()),
  bringFile: (say) => uploads.keptFileMustBeSent(uploads.notHere(SOURCE), ["triggers"], false, say()),
  keepsLastUpload: (say) => say(uploads.notHere(SOURCE), FILE, ID, FILE),
  eventLogDoesNotFit: (say) => {
    const fault = files.columnMissing("eventLog.timestamp", COLUMN, COLUMNS, undefined);
    return say(fault.message, fault.options);
  },
  fileWarning: (say) => say(SOURCE, files.noRows()),
  columnsMissing: (say) => guard(say(`2: ${COLUMN}, amount`, THREE_COLUMNS)),
  columnsRemoved: (say) => guard(say(THREE_COLUMNS)),
  rowsFell: (say) => guard(say("events", "1,234,567", "1,234", " (-99 %)", 12.5)),
  activitiesMissing: (say) => [guard(say(TWO_ACTIVITIES, 1_000)), guard(say("1: Pay", 1))],
  activitiesNew: (say) => guard(say(TWO_ACTIVITIES)),
  casesFell: (say) => guard(say("≈ 12,345,678", "≈ 1,234,567", " (-90 %)", 12.5)),
  lastEventTooOld: (say) => guard(say("1,234,567.8", 876_000)),
  unchangedSince: (say) => uploads.fileWarning(SOURCE, say(uploads.lastEventTooOld("1,234,567.8", 876_000))),
  notAppended: (say) => guard(say(changes.rewritten(changes.asMany(15_000, "row"), changes.otherColumns(true)))),
  cannotBeJudged: (say) => guard(say("maxRowDropPercent", uploads.notKnown("rows"))),
  columnsNotRead: (say) => guard(uploads.cannotBeJudged("requireColumns", say())),
  eventsNotRead: (say) => guard(uploads.cannotBeJudged("requireActivities", say())),
  activitiesNotNamed: (say) => guard(uploads.cannotBeJudged("forbidNewActivities", say())),
  activitiesNotNamedBefore: (say) => guard(uploads.cannotBeJudged("forbidNewActivities", say())),
  activitiesNotRecorded: (say) => guard(uploads.cannotBeJudged("forbidNewActivities", say())),
  recordActivities: (say) => guard(uploads.cannotBeJudged("requireActivities", uploads.activitiesNotRecorded()), say()),
  leaveOut: (say) =>
    guard(uploads.cannotBeJudged("maxRowDropPercent", uploads.notKnown("rows")), say("maxRowDropPercent")),
  correctFile: (say) => guard(uploads.cannotBeJudged("latestEventWithin", uploads.noLastEvent()), say()),
  otherCaseColumn: (say) => guard(uploads.cannotBeJudged("maxCaseDropPercent", say())),
  tooCloseToJudge: (say) =>
    guard(uploads.cannotBeJudged("maxCaseDropPercent", say("≈ 12,345,678", "≈ 12,345,678", 12.5))),
  noLastEvent: (say) => guard(uploads.cannotBeJudged("latestEventWithin", say())),
  notKnown: (say) => guard(uploads.cannotBeJudged("onColumnsRemoved", say("columns"))),
  guardRail: (say) => say("appendOnly", uploads.notAppended(changes.rewritten()), "0123456789abcdef".repeat(4)),
  progress: (say) => say(FILE, 99, "123.4", uploads.timeLeft(45_240)),
  timeLeft: (say) => [say(Number.POSITIVE_INFINITY), say(59), say(120), say(45_240)],
  uploadBegins: (say) => say(FILE),
  waitingForStorage: (say) => uploads.progress(FILE, 100, "123.4", say()),
};

/** The modules of provider/messages with their samples, by the name of the file. */
export const MODULES: { [file: string]: [module: object, samples: object] } = {
  changes: [changes, CHANGES],
  doing: [doing, DOING],
  files: [files, FILES],
  inputs: [inputs, INPUTS],
  objects: [objects, OBJECTS],
  program: [program, PROGRAM],
  requests: [requests, REQUESTS],
  uploads: [uploads, UPLOADS],
};

/** A message as a user reads it, and the function it comes from. */
export interface Rendered {
  from: string;
  text: string;
  /** A status or a value of a preview: no sentence of its own. */
  isPart: boolean;
}

export function renderAll(): Rendered[] {
  return Object.entries(MODULES).flatMap(([file, [module, samples]]) =>
    Object.entries(samples as { [name: string]: (say: unknown) => Sample | Sample[] }).flatMap(([name, sample]) =>
      [sample((module as { [name: string]: unknown })[name])]
        .flat()
        .map((each) => ({ from: `${file}.${name}`, text: textOf(each), isPart: typeof each === "string" })),
    ),
  );
}

function textOf(sample: Sample): string {
  if (typeof sample === "string") return sample;
  if (sample instanceof UnusableFile) {
    return textOf(uploads.sourceUnusable(SOURCE, sample.message, sample.options, false));
  }
  if (sample instanceof ProcessMindError) return sample.message;
  return sample instanceof Message ? sample.toString() : inLines(sample.reason, sample.options);
}
