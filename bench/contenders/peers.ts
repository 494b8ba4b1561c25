import * as fs from "node:fs";
import type { AxiosRequestConfig } from "axios";

/** `peers.js NAME URL FILE`: the same PUT, as other code does it. Each loads only what it needs. */

const MIB = 1024 * 1024;

const PEERS: { [name: string]: (url: string, file: string, sizeBytes: number) => Promise<number> } = {
  "axios-defaults": (url, file, size) => viaAxios(url, fs.createReadStream(file), size, {}),
  "axios-tuned": (url, file, size) => viaAxios(url, inMebibytes(file), size, { maxRedirects: 0 }),
  "fetch-defaults": (url, file, size) => viaFetch(url, fs.createReadStream(file), size, {}),
  "fetch-redirect-error": (url, file, size) => viaFetch(url, inMebibytes(file), size, { redirect: "error" }),
  // The way of the vendor's own client.
  "read-file-fetch": (url, file, size) => viaFetch(url, fs.readFileSync(file), size, {}),
};

function inMebibytes(file: string): fs.ReadStream {
  return fs.createReadStream(file, { highWaterMark: MIB });
}

async function viaAxios(url: string, body: fs.ReadStream, size: number, config: AxiosRequestConfig): Promise<number> {
  const { default: axios } = await import("axios");
  const headers = { "Content-Length": size, "Content-Type": "text/csv" };
  return (await axios.put(url, body, { maxBodyLength: Number.POSITIVE_INFINITY, headers, ...config })).status;
}

async function viaFetch(url: string, body: fs.ReadStream | Buffer, size: number, init: RequestInit): Promise<number> {
  const headers = { "Content-Length": String(size), "Content-Type": "text/csv" };
  // Node's fetch takes a stream, and then needs `duplex`; its types know neither.
  const request = { method: "PUT", body, headers, duplex: "half", ...init } as unknown as RequestInit;
  return (await fetch(url, request)).status;
}

async function main(): Promise<void> {
  const [name = "", url = "", file = ""] = process.argv.slice(2);
  const status = await PEERS[name]?.(url, file, fs.statSync(file).size);
  if (status !== 200) throw new Error(`${name} ended with ${status}`);
  process.exit();
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
