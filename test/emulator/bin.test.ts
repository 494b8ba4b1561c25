import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { version } from "../../package.json";
import { send } from "./client";

const BIN = resolve(__dirname, "../../emulator/dist/emulator/bin.js");

let folder: string;
const children: ChildProcess[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "emulator-bin-"));
});
afterEach(() => {
  for (const child of children.splice(0)) child.kill("SIGKILL");
  rmSync(folder, { recursive: true, force: true });
});

/** A started bin, with what it has printed so far. */
function start(...args: string[]) {
  const child = spawn(process.execPath, [BIN, ...args], { cwd: folder, stdio: ["ignore", "pipe", "pipe"] });
  children.push(child);
  const printed = { stdout: "", stderr: "" };
  child.stdout.on("data", (text) => {
    printed.stdout += text;
  });
  child.stderr.on("data", (text) => {
    printed.stderr += text;
  });
  return { child, printed, closed: once(child, "close") };
}

async function ready({ child, printed }: ReturnType<typeof start>): Promise<Record<string, string>> {
  while (!printed.stdout.includes("Ready.")) await once(child.stdout as NodeJS.EventEmitter, "data");
  const exports = printed.stdout.matchAll(/^ {2}export (\w+)=(.*)$/gm);
  return Object.fromEntries([...exports].map(([, name, value]) => [name, value]));
}

test("prints the three variables that make a client work, and ends on Ctrl-C", async () => {
  const args = ["--port", "0", "--storage-port", "0", "--api-key", "it's a key", "--tenant-id", "my tenant"];
  const bin = start(...args, "--data-dir", "data");
  const variables = await ready(bin);
  expect(variables).toEqual({
    PROCESSMIND_API_URL: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
    PROCESSMIND_API_KEY: "'it'\\''s a key'",
    PROCESSMIND_TENANT_ID: "'my tenant'",
  });
  expect(bin.printed.stdout).toContain("  data     data\n");
  const headers = { "x-api-key": "it's a key" };
  const { json } = await send("GET", `${variables["PROCESSMIND_API_URL"]}/tenant/my%20tenant`, { headers });
  expect(json.id).toBe("my tenant");
  bin.child.kill("SIGINT");
  expect(await bin.closed).toEqual([0, null]);
  expect(bin.printed).toEqual({ stdout: expect.stringMatching(/\nStopped\.\n$/), stderr: "" });
  expect(readdirSync(join(folder, "data")).sort()).toEqual(["objects", "state.json"]);
});

test("--version prints the package's version alone", async () => {
  const bin = start("--version");
  expect(await bin.closed).toEqual([0, null]);
  expect(bin.printed).toEqual({ stdout: `${version}\n`, stderr: "" });
});

test("--help lists every option", async () => {
  const bin = start("--help");
  expect(await bin.closed).toEqual([0, null]);
  expect(bin.printed.stderr).toBe("");
  expect(bin.printed.stdout.match(/^ {2}--[\w-]+/gm)).toEqual(
    ["port", "storage-port", "host", "data-dir", "api-key", "tenant-id", "discard", "help", "version"].map(
      (name) => `  --${name}`,
    ),
  );
});

describe("what cannot work ends with 1 and one line", () => {
  let taken: Server;
  beforeAll(async () => {
    taken = createServer().listen(0, "127.0.0.1");
    await once(taken, "listening");
  });
  afterAll(() => taken.close());

  test.each<[string, string[], string]>([
    ["an unknown option", ["--prot", "1"], "Unknown option '--prot'"],
    ["a word", ["start"], "Unexpected argument 'start'"],
    ["no value", ["--port"], "argument missing"],
    ["a value that looks like an option", ["--api-key", "--port"], "argument is ambiguous"],
    ["a port in words", ["--port", "http"], '--port must be a port number from 0 to 65535, not "http"'],
    ["a port that is none", ["--storage-port", "65536"], "--storage-port must be a port number"],
    ["an empty key", ["--port", "0", "--storage-port", "0", "--api-key", ""], "The API key must not be empty"],
    ["an empty host", ["--port", "0", "--storage-port", "0", "--host", ""], "The host must not be empty"],
    [
      "a port that is taken",
      ["--port", "{taken}", "--data-dir", "data"],
      "in use 127.0.0.1:{taken}. Give another port, or 0 for a free one: --port 0.",
    ],
    [
      "a storage port that is taken",
      ["--port", "0", "--storage-port", "{taken}"],
      "or 0 for a free one: --storage-port 0.",
    ],
    ["an address that is not ours", ["--host", "192.0.2.1"], "Listening on 192.0.2.1:8787"],
    ["a file for a folder", ["--port", "0", "--data-dir", "file"], "ENOTDIR"],
    ["a damaged folder", ["--port", "0", "--data-dir", "."], "not valid JSON"],
  ])("%s", async (_name, args, message) => {
    writeFileSync(join(folder, "file"), "");
    writeFileSync(join(folder, "state.json"), "{");
    const { port } = taken.address() as { port: number };
    const bin = start(...args.map((arg) => arg.replace("{taken}", String(port))));
    expect(await bin.closed).toEqual([1, null]);
    expect(bin.printed).toEqual({ stdout: "", stderr: expect.stringMatching(/^processmind-emulator: .*\n$/) });
    expect(bin.printed.stderr).toContain(message.replace("{taken}", String(port)));
  });
});
