import { randomBytes } from "node:crypto";
import { XMLBuilder } from "fast-xml-parser";
import type { Reply } from "./exchange";

/** S3's codes and their statuses: https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html */
const STATUSES = {
  AccessDenied: 403,
  AuthorizationQueryParametersError: 400,
  BadDigest: 400,
  EntityTooLarge: 400,
  IncompleteBody: 400,
  InternalError: 500,
  InvalidArgument: 400,
  InvalidDigest: 400,
  InvalidURI: 400,
  MethodNotAllowed: 405,
  MissingContentLength: 411,
  NoSuchBucket: 404,
  NoSuchKey: 404,
  NotImplemented: 501,
  SignatureDoesNotMatch: 403,
} as const;

/** A code S3 answers with. */
export type StorageCode = keyof typeof STATUSES;

/** A PUT that the storage rejects; `details` become elements of the XML. */
export class StorageError extends Error {
  constructor(
    readonly code: StorageCode,
    message: string,
    readonly details: Record<string, string> = {},
  ) {
    super(message);
    this.name = "StorageError";
  }
}

/** The error as S3 writes it. */
export function errorReply({ code, message, details }: StorageError): Reply {
  const ids = requestIds();
  const error = {
    Code: code,
    Message: message,
    ...details,
    RequestId: ids["x-amz-request-id"],
    HostId: ids["x-amz-id-2"],
  };
  const body = `<?xml version="1.0" encoding="UTF-8"?>\n${new XMLBuilder().build({ Error: error })}`;
  return { status: STATUSES[code], headers: { "content-type": "application/xml", ...ids }, body };
}

/** The two ids every answer of S3 carries. */
export function requestIds(): Record<"x-amz-request-id" | "x-amz-id-2", string> {
  return {
    "x-amz-request-id": randomBytes(8).toString("hex").toUpperCase(),
    "x-amz-id-2": randomBytes(24).toString("base64"),
  };
}
