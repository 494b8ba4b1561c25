/**
 * Everything that can go wrong, in one class. Messages follow one grammar, because the message is all a user sees: a
 * first line, *gerund Noun "name or id": what happened (CODE, status, …).*, and below it what can be done, a line each.
 */

/** All error codes. docs/errors.md explains each. */
export type ErrorCode =
  | "CONFIG_MISSING"
  | "CONFIG_INVALID"
  | "UNAUTHORIZED"
  | "FORBIDDEN"
  | "NOT_FOUND"
  | "CONFLICT"
  | "INVALID_REQUEST"
  | "RATE_LIMITED"
  | "SERVER_ERROR"
  | "TIMEOUT"
  | "NETWORK"
  | "BAD_RESPONSE"
  | "ALREADY_EXISTS"
  | "AMBIGUOUS_CREATE"
  | "AMBIGUOUS_NAME"
  | "ADOPTION_MISMATCH"
  | "DATA_WOULD_BE_LOST"
  | "DELETE_REFUSED"
  | "UPLOAD_REJECTED"
  | "SOURCE_UNREADABLE"
  | "SOURCE_CHANGED"
  | "CANCELLED"
  | "TABLE_HAS_ROWS"
  | "PROVIDER_BUG";

/** Where on the wire it happened. `path` never has a query: that of a presigned URL is a credential. */
export interface ErrorDetails {
  status?: number;
  method?: string;
  path?: string;
  /** The service's own id of the request, to quote to its support. */
  requestId?: string;
  attempts?: number;
  retryAfterMs?: number;
  /** The server may have carried the request out although no good answer came back. */
  mayHaveHappened?: boolean;
}

/** What an error says: what was being done, what happened, and what to do about it. */
export interface ErrorText {
  /** Gerund and noun, `creating Dataset "Sales"`. */
  doing: string;
  /** What happened, without a full stop. */
  happened: string;
  /** Follows what happened; where the first line gets too long by it, on a line of its own. */
  more?: string;
  /** What a user can do, each on a line of its own; what changes nothing comes first. */
  options?: readonly string[];
  /** The input or setting that is wrong. */
  property?: string;
  /** The objects that may be meant. */
  candidates?: readonly Candidate[];
  cause?: Error;
}

/** An object in ProcessMind. */
export interface Candidate {
  id: string;
  displayName?: string;
}

/** Real ones have a third of that; a header may have thousands. */
const LONGEST_REQUEST_ID = 100;

/** The error of this package. Its {@link ProcessMindError.code | code} names the kind. */
export class ProcessMindError extends Error {
  /** What the package was doing: `reading Dataset "…"`. The message begins with it. */
  readonly doing: string;
  /** What can be done: the option lines of the message. */
  readonly options: readonly string[];
  /** The wrong input or setting, if there is one. */
  readonly property?: string;
  /** The objects that may be meant, if there are several. */
  readonly candidates?: readonly Candidate[];
  readonly status?: number;
  readonly method?: string;
  readonly path?: string;
  readonly requestId?: string;
  readonly attempts?: number;
  readonly retryAfterMs?: number;
  readonly mayHaveHappened: boolean;

  constructor(
    readonly code: ErrorCode,
    text: ErrorText,
    details: ErrorDetails = {},
  ) {
    const requestId = details.requestId && redactAndCut(details.requestId, LONGEST_REQUEST_ID);
    super(messageFrom(code, text, { ...details, requestId }), text.cause && { cause: text.cause });
    this.name = "ProcessMindError";
    this.doing = redact(text.doing);
    this.options = (text.options ?? []).map(redact);
    this.property = text.property;
    this.candidates = text.candidates;
    this.status = details.status;
    this.method = details.method;
    this.path = details.path && redact(details.path);
    this.requestId = requestId;
    this.attempts = details.attempts;
    this.retryAfterMs = details.retryAfterMs;
    this.mayHaveHappened = details.mayHaveHappened ?? false;
  }
}

/** Whether `error` carries this code. On the code, not the class: two copies of a package are two classes. */
export function hasCode(error: unknown, code: ErrorCode): error is ProcessMindError {
  return error instanceof Error && (error as { code?: unknown }).code === code;
}

/**
 * An error for an object that exists although something failed afterwards. Pulumi records `id` and `properties`,
 * shows `reasons`, and the next run goes on from there. The only place that may put an `id` on an error.
 */
export function partiallyCreated(id: string, properties: object, cause: unknown): Error {
  // Its line breaks are ours already.
  const message = cause instanceof ProcessMindError ? cause.message : redact(textOf(cause));
  return Object.assign(new Error(message), { id, properties, reasons: [message] });
}

function textOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}

const secrets = new Set<string>();

/** Makes every later error blank this value out, whatever path it arrives by. Called where the API key is read. */
export function keepOutOfErrors(secret: string): void {
  if (secret.length >= SHORTEST_SECRET) secrets.add(secret);
}

/** Blanking out anything shorter would eat ordinary words, and such a key protects nothing. */
const SHORTEST_SECRET = 6;

/** The value may begin with a scheme, `Bearer …`, and go on as a list, `AWS4-HMAC-SHA256 Credential=…, Signature=…`. */
const AUTHORIZATION =
  /\bauthorization["']?\s*[=:]\s*["']?(?:(?:Bearer|Basic|Digest|AWS4[\w-]*)\s+)?[^\s"'<>]+(?:\s+\w+=[^\s"'<>]+)*/gi;

/** To its end at once, and looked at afterwards: a search for the `?` would begin anew at each `https://` in it. */
const ADDRESS = /https?:\/\/[^\s"'<>]+/gi;

/** Bounded, since one in which such names follow each other without end would be searched from each of them. */
const SIGNATURE = /\b(X-Amz-[A-Za-z-]{1,40}|x-api-key)["']?(\s{0,20}[=:]\s{0,20}|%3D)["']?[^\s&"'<>,]+/gi;

/** Control characters, line breaks among them, and marks that turn the direction of writing. */
const CONTROLS = /[\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

/**
 * Takes known secrets, the user and the query of every URL, and stray signature parameters out of a text; and what
 * would steer the terminal it is printed on, since ids and messages come from elsewhere.
 */
export function redact(text: string): string {
  let clean = text.replace(CONTROLS, " ");
  // First, since the patterns below may end in the middle of one.
  for (const secret of secrets) clean = clean.replaceAll(secret, "[secret]");
  return bounded(clean)
    .replace(/(https?:\/\/)[^\s"'<>/?#@]+@/gi, "$1[removed]@")
    .replace(ADDRESS, withoutQuery)
    .replace(AUTHORIZATION, "[removed]")
    .replace(SIGNATURE, "[removed]");
}

/**
 * Node compiles a pattern without its optimisations once a process has compiled many, and then one match of millions of
 * characters overflows the stack. The words at the cut go too: half a URL would hide its user from the patterns.
 */
const SEARCHED_CHARACTERS = 1_000_000;

function bounded(text: string): string {
  if (text.length <= SEARCHED_CHARACTERS) return text;
  return `${text.slice(0, text.lastIndexOf(" ", SEARCHED_CHARACTERS) + 1)}…`;
}

function withoutQuery(address: string): string {
  const end = address.indexOf("?");
  return end < 0 ? address : `${address.slice(0, end)}?[removed]`;
}

/** In this order: half a secret would not be recognised. */
export function redactAndCut(text: string, characters: number): string {
  return redact(text).slice(0, characters);
}

/** Without a terminal Pulumi prints the first line of an error three times, and the others once. */
export const FIRST_LINE_CHARACTERS = 160;

/** The line breaks are ours alone: what a text quotes has none. */
function messageFrom(code: ErrorCode, text: ErrorText, details: ErrorDetails): string {
  const { cause, options = [] } = text;
  const said = [redact(text.doing), redact(text.happened)];
  const more = text.more === undefined ? undefined : redact(text.more);
  const line = (words: string | undefined, facts: string[]) =>
    [...said, ...(words === undefined ? [] : [words])].join(": ") +
    `${facts.length === 0 ? "" : ` (${facts.join(", ")})`}.`;
  const inFirst: string[] = [];
  const left: string[] = [];
  for (const fact of [code, ...factsOf(details)]) {
    const fits = line(undefined, [...inFirst, fact]).length <= FIRST_LINE_CHARACTERS;
    (fits && left.length === 0 ? inFirst : left).push(fact);
  }
  const hasMore = more !== undefined && line(more, inFirst).length <= FIRST_LINE_CHARACTERS;
  if (more !== undefined && !hasMore) left.push(more);
  return [
    line(hasMore ? more : undefined, inFirst),
    ...(left.length === 0 ? [] : [`  details: ${left.join(", ")}`]),
    ...(cause === undefined ? [] : [`  cause: ${redact(cause.message.split("\n")[0] ?? "")}`]),
    ...options.map((option) => `  - ${redact(option)}`),
  ].join("\n");
}

/** The most telling ones first: those that do not fit into the first line follow below it. */
function factsOf({ status, attempts, requestId }: ErrorDetails): string[] {
  return [
    ...(status === undefined ? [] : [`status ${status}`]),
    ...(attempts !== undefined && attempts > 1 ? [`${attempts} attempts`] : []),
    ...(requestId === undefined ? [] : [`request ${requestId}`]),
  ];
}
