import { type ErrorCode, type ErrorDetails, type ErrorText, ProcessMindError } from "../errors";

/** What requests meet, to the API and to storage. The caller knows what was being done. */

type Said = Omit<ErrorText, "doing">;

const API_URL = "processmind:apiUrl or PROCESSMIND_API_URL";
const CHECK_URL = `check ${API_URL}, and whether a proxy responds in the API's place`;
const TRY_AGAIN = "run the command again";
const STORAGE_NAMES_THE_TYPE =
  "if storage names the signature or the type, set contentType to what the URL is signed for";
const STORAGE_REDIRECTS = "check whether a proxy responds in storage's place: redirects are not followed";
const CHECK_PROXY = "check HTTPS_PROXY, with its user and password, and NO_PROXY";
const TRUST_CERTIFICATE = "if your network inspects TLS, point NODE_EXTRA_CA_CERTS at its certificate";

export function badSegment(doing: string, segment: string): ProcessMindError {
  const options = ["check the ids and the tenant"];
  return new ProcessMindError("INVALID_REQUEST", { doing, happened: `"${segment}" cannot be an id`, options });
}

export const outOfTime = (seconds: number): Said => ({
  happened: `not sent, as ${seconds} s passed while it waited for other requests`,
  options: ["run the command again with a lower --parallel", "raise timeoutSeconds"],
});

export const noResponse = (seconds: number): Said => ({
  happened: `no response within ${seconds} s`,
  options: [TRY_AGAIN, "raise timeoutSeconds, which limits all attempts together", "check the network path to the API"],
});

export const responseTooLarge = (mebibytes: number): Said => ({
  happened: `the response is larger than ${mebibytes} MiB`,
  options: [`check ${API_URL}`],
});

export const tunnelRejected = (proxyHost: string, status: number): Said => ({
  happened: `the proxy ${proxyHost} rejected the tunnel`,
  more: status > 0 ? `status ${status}` : "no status",
  options: [CHECK_PROXY],
});

export const unreachable = (code: string): Said => ({
  happened: `the API cannot be reached (${code})`,
  options: [`check ${API_URL}, the network, HTTPS_PROXY and NO_PROXY`],
});

export const untrustedCertificate = (server: "the API" | "storage", code: string): Said => ({
  happened: `the certificate of ${server} is not trusted`,
  more: code,
  options: [TRUST_CERTIFICATE],
});

export const connectionLost = (code: string): Said => ({
  happened: `the connection was lost (${code})`,
  // With what does not speak TLS, trying again is no advice.
  options: /^(EPROTO$|ERR_SSL_)/.test(code)
    ? ["check the URL: the server speaks no TLS version that Node understands"]
    : [TRY_AGAIN],
});

export const responseCutShort = (): Said => ({ happened: "the response was cut short", options: [TRY_AGAIN] });

export const emptyResponse = (): Said => ({ happened: "the response is empty", options: [CHECK_URL] });

export const notJson = (contentType: string, sizeBytes: number): Said => ({
  happened: `the response is not JSON, or was cut short (${contentType}, ${sizeBytes} bytes)`,
  options: [CHECK_URL],
});

/** An answer of the API with another status than 2xx. @param hasRequestId - whether the message shows a request id. */
export function rejected(status: number, said: string | undefined, hasRequestId: boolean): Said {
  const isFault = status >= 500 || status === 408;
  const more = said === undefined ? undefined : `"${said}"`;
  return {
    happened: isFault ? "the API failed" : "the API rejected the request",
    more,
    options: optionsFor(status, hasRequestId),
  };
}

function optionsFor(status: number, hasRequestId: boolean): string[] {
  if (status === 401) {
    return [
      "check the API key: stack config processmind:apiKey, which comes first, or PROCESSMIND_API_KEY",
      "changed in stack config: run `pulumi up`, since refresh and destroy use the key of the last up",
      "changed in stack config, and `pulumi up` refreshes first: run `pulumi up --refresh=false`",
    ];
  }
  if (status === 403) return ["check that the API key belongs to this tenant and permits this"];
  if (status === 404) {
    return [
      "check the id and the tenant: tenantId, `processmind:tenantId` or PROCESSMIND_TENANT_ID",
      "in the state, but deleted in ProcessMind: run `pulumi refresh`",
    ];
  }
  if (status === 409) {
    return [
      "the name is taken: use another displayName, or adopt the object with existingId",
      "the object is not empty: delete its contents first",
    ];
  }
  if (status === 429) return ["run the command again later, or with a lower --parallel"];
  if (status >= 500 || status === 408) {
    const report = hasRequestId ? "send the request id" : "report it";
    return [TRY_AGAIN, `if it fails again, ${report} to ProcessMind's support`];
  }
  if (status >= 300 && status < 400) {
    return [`check ${API_URL}: redirects are not followed, since the key must not leave the API`];
  }
  return [];
}

/** A field of a response with another type than documented. */
export const wrongType = (what: string, found: string, expected: "text" | "a number" | "a list" | "an object") =>
  `${what} is ${found}, expected ${expected}`;

export const inexactNumber = (name: string) => `"${name}" is a number that JavaScript cannot hold exactly`;

export const noId = () => "the response has no id";

export const otherObject = (id: string) => `the response is about another object, "${id}"`;

export const noUploadUrl = (isUnusable: boolean) =>
  `the response has ${isUnusable ? "an unusable" : "no"} PreSignedUploadUrl`;

/** What a response has in the place of the field that was looked for. */
export const onlyKeys = (keys: string) => `only ${keys}`;

/** A 2xx whose body is not what the API documents; the request may have been carried out. */
export function badResponse(doing: string, happened: string, details: ErrorDetails, more?: string): ProcessMindError {
  const options = [`check ${API_URL}`, "if it is right, the API has changed: report this as a bug"];
  return new ProcessMindError(
    "BAD_RESPONSE",
    { doing, happened, more, options },
    { ...details, mayHaveHappened: true },
  );
}

/** A 404 for an object that the list still has, or whose list cannot be read. */
export function notConfirmedDeleted(
  doing: string,
  list: "has it" | "is missing too" | "cannot be read",
  cause?: ProcessMindError,
): ProcessMindError {
  const code: ErrorCode = list === "cannot be read" ? (cause?.code ?? "NOT_FOUND") : "NOT_FOUND";
  const happened = {
    "has it": "GET returns 404, but the list has it",
    "is missing too": "GET and the list return 404",
    "cannot be read": "GET returns 404, and the list cannot be read",
  }[list];
  return new ProcessMindError(code, {
    doing,
    happened,
    cause: list === "cannot be read" ? cause : undefined,
    options: [
      list === "is missing too" ? `check ${API_URL}, and the tenant` : TRY_AGAIN,
      "deleted for certain: remove it from the state with `pulumi state delete`, see docs/errors.md",
    ],
  });
}

function storageOption(status: number): string {
  if (status === 403) return STORAGE_NAMES_THE_TYPE;
  if (status >= 300 && status < 400) return STORAGE_REDIRECTS;
  return TRY_AGAIN;
}

/** Storage's answer to a PUT with another status than 2xx. */
export function storageRejected(
  doing: string,
  said: string | undefined,
  isExpired: boolean,
  details: ErrorDetails,
): ProcessMindError {
  const { status = 0 } = details;
  const options = isExpired
    ? [TRY_AGAIN, "if the upload takes longer than its URL is valid: raise validForSeconds"]
    : [storageOption(status)];
  return new ProcessMindError(
    "UPLOAD_REJECTED",
    { doing, happened: "storage rejected it", more: said, options },
    details,
  );
}

/** A 2xx that is not storage's. */
export function notByStorage(doing: string, isEarly: boolean, details: ErrorDetails): ProcessMindError {
  const happened = isEarly
    ? "the response came before all bytes were sent"
    : "the response is a web page, not storage's";
  const options = ["check whether a proxy responds in storage's place"];
  return new ProcessMindError("BAD_RESPONSE", { doing, happened, options }, details);
}

export const unsafeUploadUrl = (origin: string, hasUser: boolean): Said => ({
  happened: `not sent, as the upload URL ${hasUser ? "holds a user" : "is not https"}`,
  more: origin,
  options: [CHECK_URL],
});

export const uploadTooSlow = (seconds: number): Said => ({
  happened: `not finished within ${seconds} s`,
  options: ["raise timeoutSeconds"],
});

export const noByteMoved = (seconds: number): Said => ({
  happened: `no byte moved for ${seconds} s`,
  options: [TRY_AGAIN, "check the network path to storage"],
});

/** Seen by nobody: the process ends. */
export const engineEnded = (): Said => ({ happened: "the engine has ended" });

export const sourceUnreadable = (code: string | undefined): Said => ({
  happened: `nothing was stored, as the file cannot be read (${code})`,
  options: ["check the file's disk or network share, then run the command again"],
});

/** @param what - how the file differs from the one that was checked. */
export const sourceChanged = (what: string): Said => ({
  happened: "nothing was stored, as the file changed",
  more: what,
  options: ["wait until the file is written, then run the command again"],
});

export const endedEarly = (bytes: number, sizeBytes: number) => `it ended after ${bytes} of ${sizeBytes} bytes`;

export const hasOtherSize = (bytes: number, sizeBytes: number) => `${bytes} bytes, expected ${sizeBytes}`;

export const hasOtherBytes = () => "its hash differs";
