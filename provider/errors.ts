/**
 * Everything that can go wrong, in one class. Messages follow one grammar, because the message is all a user sees:
 * *gerund Noun "name or id": what happened (method path, status, request id). What to do.*
 */

/** The closed set of things that can go wrong; see the errors table in the README. */
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

/** What an error says: what was being done, what happened, and the way out. */
export interface ErrorText {
  /** Gerund and noun, `creating Dataset "Sales"`. */
  doing: string;
  /** What happened, without a full stop. */
  happened: string;
  /** The way out: one or more whole sentences. */
  todo?: string;
  /** What a user can do instead, each on a line of its own below the message; what changes nothing comes first. */
  options?: readonly string[];
}

/** Real ones have a third of that; a header may have thousands. */
const LONGEST_REQUEST_ID = 100;

/** The error of this package. Its {@link ProcessMindError.code | code} names the kind. */
export class ProcessMindError extends Error {
  /** Gerund and noun: what the message begins with. */
  readonly doing: string;
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
    super(withOptions(redact(messageFrom(text, { ...details, requestId })), text.options));
    this.name = "ProcessMindError";
    this.doing = redact(text.doing);
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
  const message = redact(cause instanceof Error ? cause.message : String(cause));
  return Object.assign(new Error(message), { id, properties, reasons: [message] });
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
  return clean
    .replace(/(https?:\/\/)[^\s"'<>/?#@]+@/gi, "$1[removed]@")
    .replace(ADDRESS, withoutQuery)
    .replace(AUTHORIZATION, "[removed]")
    .replace(SIGNATURE, "[removed]");
}

function withoutQuery(address: string): string {
  const end = address.indexOf("?");
  return end < 0 ? address : `${address.slice(0, end)}?[removed]`;
}

/** In this order: half a secret would not be recognised. */
export function redactAndCut(text: string, characters: number): string {
  return redact(text).slice(0, characters);
}

/** The line breaks are ours alone: whatever an option quotes has none. */
function withOptions(message: string, options: readonly string[] = []): string {
  return [message, ...options.map((option) => `  - ${redact(option)}`)].join("\n");
}

function messageFrom({ doing, happened, todo }: ErrorText, details: ErrorDetails): string {
  const request = details.method && details.path ? `${details.method} ${details.path}` : undefined;
  const where = [
    request,
    details.status === undefined ? undefined : `status ${details.status}`,
    details.requestId === undefined ? undefined : `request ${details.requestId}`,
    details.attempts !== undefined && details.attempts > 1 ? `${details.attempts} attempts` : undefined,
  ].filter((part) => part !== undefined);
  const suffix = where.length > 0 ? ` (${where.join(", ")})` : "";
  return `${doing}: ${happened}${suffix}.${todo ? ` ${todo}` : ""}`;
}
