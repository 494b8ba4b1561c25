import { timingSafeEqual } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import { parse as parseQuery } from "node:querystring";
import { sign } from "aws4";
import { MAX_VALID_SECONDS } from "../domain/requests";
import { StorageError } from "./storage-errors";

/** The bucket every upload goes to. */
export const BUCKET = "processmind-uploads";
const ACCESS_KEY_ID = "EMULATOR";
const SERVICE = "s3";
const REGION = "eu-central-1";
const CLOCK_SKEW_MS = 15 * 60_000;
const PARAMETERS = [
  "X-Amz-Algorithm",
  "X-Amz-Credential",
  "X-Amz-Date",
  "X-Amz-Expires",
  "X-Amz-SignedHeaders",
  "X-Amz-Signature",
] as const;

/** What a presigned URL is made from. */
export interface PresignRequest {
  /** Host and port as the client will name them. */
  host: string;
  key: string;
  validForSeconds: number;
  nowMs: number;
  secret: string;
  contentType: string | null;
}

/** A URL that allows one key to be PUT until it expires, signed by AWS Signature Version 4 in its query form. */
export function presignPut({ host, key, validForSeconds, nowMs, secret, contentType }: PresignRequest): string {
  const path = `/${BUCKET}/${key.split("/").map(percentEncoded).join("/")}`;
  const query = `X-Amz-Expires=${validForSeconds}&X-Amz-Date=${amzDate(nowMs)}`;
  const headers = { Host: host, ...(contentType === null ? {} : { "Content-Type": contentType }) };
  return `http://${host}${signedPath("PUT", `${path}?${query}`, headers, secret)}`;
}

/**
 * Accepts a presigned request, or rejects it as S3 does: expiry first, then the signature, by signing again.
 * @throws StorageError
 */
export function checkPresigned(
  request: { method: string; url: string; headers: IncomingHttpHeaders },
  secret: string,
  nowMs: number,
): void {
  const [path = "", search = ""] = splitOnce(request.url, "?");
  const query = parseQuery(search);
  const values = PARAMETERS.map((name) => query[name]);
  if (request.headers.authorization !== undefined) {
    throw new StorageError("InvalidArgument", "Only one auth mechanism allowed");
  }
  if (values.every((value) => value === undefined)) throw new StorageError("AccessDenied", "Access Denied");
  if (values.some((value) => typeof value !== "string")) {
    throw new StorageError("AuthorizationQueryParametersError", `Give each of ${PARAMETERS.join(", ")} once.`);
  }
  checkTime(String(query["X-Amz-Date"]), Number(query["X-Amz-Expires"]), nowMs);
  const signedHeaders = String(query["X-Amz-SignedHeaders"]).split(";");
  checkAmzHeaders(request.headers, signedHeaders);
  const kept = search.split("&").filter((part) => !part.startsWith("X-Amz-Signature="));
  const headers = Object.fromEntries(signedHeaders.map((name) => [name, String(request.headers[name] ?? "")]));
  const again = signedPath(request.method, `${path}?${kept.join("&")}`, headers, secret);
  if (!isSameQuery(parseQuery(splitOnce(again, "?")[1]), query)) {
    throw new StorageError(
      "SignatureDoesNotMatch",
      "The request signature we calculated does not match the signature you provided. Check your key and signing method.",
    );
  }
}

function signedPath(method: string, path: string, headers: Record<string, string>, secret: string): string {
  const request = { method, path, headers, service: SERVICE, region: REGION, signQuery: true };
  const signed = sign(request, { accessKeyId: ACCESS_KEY_ID, secretAccessKey: secret });
  return signed.path ?? "";
}

function checkTime(date: string, expiresSeconds: number, nowMs: number): void {
  const [, y, mo, d, h, mi, s] = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(date) ?? [];
  const signedMs = Date.parse(`${y}-${mo}-${d}T${h}:${mi}:${s}Z`);
  const isLife = Number.isInteger(expiresSeconds) && expiresSeconds >= 1 && expiresSeconds <= MAX_VALID_SECONDS;
  if (!Number.isFinite(signedMs) || !isLife) {
    const message = `X-Amz-Date must be in ISO basic form, X-Amz-Expires between 1 and ${MAX_VALID_SECONDS}`;
    throw new StorageError("AuthorizationQueryParametersError", message);
  }
  if (signedMs - CLOCK_SKEW_MS > nowMs) throw new StorageError("AccessDenied", "Request is not valid yet");
  if (nowMs >= signedMs + expiresSeconds * 1000) throw expired(expiresSeconds, signedMs + expiresSeconds * 1000, nowMs);
}

/** S3's answer to a URL that is too old. */
export function expired(expiresSeconds: number, expiresMs: number, nowMs: number): StorageError {
  return new StorageError("AccessDenied", "Request has expired", {
    "X-Amz-Expires": String(expiresSeconds),
    Expires: withoutMilliseconds(expiresMs),
    ServerTime: withoutMilliseconds(nowMs),
  });
}

function checkAmzHeaders(headers: IncomingHttpHeaders, signed: string[]): void {
  const stray = Object.keys(headers).filter((name) => name.startsWith("x-amz-") && !signed.includes(name));
  if (stray.length > 0) {
    throw new StorageError("AccessDenied", "There were headers present in the request which were not signed", {
      HeadersNotSigned: stray.join(", "),
    });
  }
}

function isSameQuery(again: NodeJS.Dict<string | string[]>, given: NodeJS.Dict<string | string[]>): boolean {
  const names = Object.keys(given);
  return (
    names.length === Object.keys(again).length &&
    names.every((name) => {
      const [a, b] = [Buffer.from(String(again[name])), Buffer.from(String(given[name]))];
      return a.length === b.length && timingSafeEqual(a, b);
    })
  );
}

/** As AWS encodes: what `encodeURIComponent` leaves for quotes and brackets upsets shells and proxies. */
function percentEncoded(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
}

function amzDate(ms: number): string {
  return new Date(ms).toISOString().replace(/[-:]|\.\d{3}/g, "");
}

function withoutMilliseconds(ms: number): string {
  return new Date(ms).toISOString().replace(/\.\d{3}/, "");
}

function splitOnce(text: string, mark: string): [string, string] {
  const at = text.indexOf(mark);
  return at < 0 ? [text, ""] : [text.slice(0, at), text.slice(at + mark.length)];
}
