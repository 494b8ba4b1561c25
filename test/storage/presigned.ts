import { sign } from "aws4";

/** What a URL is signed for. */
export interface Presign {
  /** `http://127.0.0.1:9000`. */
  endpoint: string;
  /** Default PUT. */
  method?: string;
  /** Bucket and key. */
  path: string[];
  credentials: { accessKeyId: string; secretAccessKey: string };
  /** Signed only when given. */
  contentType?: string;
  /** How long ago it was signed. Default 0. */
  ageSeconds?: number;
}

const VALID_FOR_SECONDS = 60;

/** A presigned request: a PUT, as ProcessMind's API hands them out, or another. */
export function presignedUrl(presign: Presign): string {
  const { endpoint, method = "PUT", contentType, ageSeconds = 0, credentials } = presign;
  const signedAt = new Date(Date.now() - ageSeconds * 1000).toISOString().replace(/[-:]|\.\d{3}/g, "");
  const { host } = new URL(endpoint);
  const headers = { Host: host, ...(contentType === undefined ? {} : { "Content-Type": contentType }) };
  const path = `/${presign.path.map(encodeURIComponent).join("/")}?X-Amz-Expires=${VALID_FOR_SECONDS}&X-Amz-Date=${signedAt}`;
  const request = { method, path, headers, service: "s3", region: "us-east-1", signQuery: true };
  return `${endpoint}${sign(request, credentials).path}`;
}
