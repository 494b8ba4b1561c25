import { execFileSync, spawn } from "node:child_process";
import fs from "node:fs";
import http from "node:http";
import https from "node:https";
import type { AddressInfo } from "node:net";
import os from "node:os";
import path from "node:path";
import { generate } from "selfsigned";

/** A server on loopback. */
export interface LoopbackServer {
  url: string;
  close(): Promise<void>;
}

/** The files of a folder, as a server of release assets has them. */
export async function serveFolder(folder: string): Promise<LoopbackServer> {
  const server = http.createServer((request, response) => {
    const file = path.join(folder, path.basename(new URL(request.url ?? "/", "http://loopback").pathname));
    const stat = fs.statSync(file, { throwIfNoEntry: false });
    if (!stat?.isFile()) return void response.writeHead(404).end();
    response.setHeader("Content-Length", stat.size);
    fs.createReadStream(file).pipe(response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close: () => closed(server) };
}

/** A git server with one repository, and the certificate that a client is to trust. */
export interface GitServer extends LoopbackServer {
  certificateFile: string;
}

/** Pulumi takes https alone for a git repository, and no port in its URL; few users may listen on the port of https. */
export const MAY_SERVE_GIT = process.getuid?.() === 0;

/** Serves the files of a folder as the content of a tag of `owner/processmind`, by git's own server behind HTTPS. */
export async function serveGit(folder: string, tag: string): Promise<GitServer> {
  const home = fs.mkdtempSync(path.join(os.tmpdir(), "git-server-"));
  const certificateFile = path.join(home, "certificate.pem");
  const pems = await generate([{ name: "commonName", value: "127.0.0.1" }], { extensions: [LOOPBACK_NAME] });
  fs.writeFileSync(certificateFile, pems.cert);
  makeRepository(path.join(home, "served", "owner", "processmind.git"), folder, tag);
  const server = https.createServer({ key: pems.private, cert: pems.cert }, (request, response) =>
    answer(path.join(home, "served"), request, response),
  );
  await new Promise<void>((resolve, reject) => server.once("error", reject).listen(443, "127.0.0.1", resolve));
  const close = async () => {
    await closed(server);
    fs.rmSync(home, { recursive: true, force: true });
  };
  return { url: "https://127.0.0.1/owner/processmind", certificateFile, close };
}

const LOOPBACK_NAME = { name: "subjectAltName" as const, altNames: [{ type: 7 as const, ip: "127.0.0.1" }] };

function makeRepository(repository: string, folder: string, tag: string): void {
  const git = (...args: string[]) =>
    execFileSync("git", [`--git-dir=${repository}`, `--work-tree=${folder}`, ...args], { stdio: "pipe" });
  fs.mkdirSync(repository, { recursive: true });
  git("init", "--quiet");
  git("add", "--all");
  git("-c", "user.name=test", "-c", "user.email=test@localhost", "commit", "--quiet", "-m", "Release");
  git("tag", tag);
}

/** As a web server runs git's CGI program. */
function answer(root: string, request: http.IncomingMessage, response: http.ServerResponse): void {
  const url = new URL(request.url ?? "/", "https://loopback");
  const env = {
    ...process.env,
    GIT_PROJECT_ROOT: root,
    GIT_HTTP_EXPORT_ALL: "1",
    PATH_INFO: url.pathname,
    QUERY_STRING: url.search.slice(1),
    REQUEST_METHOD: request.method,
    CONTENT_TYPE: request.headers["content-type"],
    HTTP_CONTENT_ENCODING: request.headers["content-encoding"],
    GIT_PROTOCOL: request.headers["git-protocol"]?.toString(),
  };
  const child = spawn("git", ["http-backend"], { env, stdio: ["pipe", "pipe", "inherit"] });
  request.pipe(child.stdin);
  const parts: Buffer[] = [];
  child.stdout.on("data", (part: Buffer) => parts.push(part));
  child.once("close", () => {
    const whole = Buffer.concat(parts);
    const end = whole.indexOf("\r\n\r\n");
    for (const line of whole.subarray(0, end).toString("latin1").split("\r\n")) {
      const [name = "", value = ""] = line.split(": ");
      if (name === "Status") response.statusCode = Number.parseInt(value, 10);
      else response.setHeader(name, value);
    }
    response.end(whole.subarray(end + "\r\n\r\n".length));
  });
}

function closed(server: http.Server | https.Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(() => resolve()));
}
