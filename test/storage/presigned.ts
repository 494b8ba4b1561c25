import { sign } from "aws4";

/** What a URL is signed for. */
export interface Presign {
  /** `http://127.0.0.1:9000`. */
  endpoint: string;
  bucket: string;
  key: string;
  credentials: { accessKeyId: string; secretAccessKey: string };
  /** Signed only when given. */
  contentType?: string;
  /** How long ago it was signed. Default 0. */
  ageSeconds?: number;
}

export const VALID_FOR_SECONDS = 60;

/** A presigned PUT, as ProcessMind's API hands them out. */
export function presignedPut(presign: Presign): string {
  const { endpoint, bucket, key, contentType, ageSeconds = 0, credentials } = presign;
  const signedAt = new Date(Date.now() - ageSeconds * 1000).toISOString().replace(/[-:]|\.\d{3}/g, "");
  const { host } = new URL(endpoint);
  const headers = { Host: host, ...(contentType === undefined ? {} : { "Content-Type": contentType }) };
  const path = `/${bucket}/${encodeURIComponent(key)}?X-Amz-Expires=${VALID_FOR_SECONDS}&X-Amz-Date=${signedAt}`;
  const request = { method: "PUT", path, headers, service: "s3", region: "us-east-1", signQuery: true };
  return `${endpoint}${sign(request, credentials).path}`;
}
