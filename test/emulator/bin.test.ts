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

test("prints the package's version alone when it is called with --version", async () => {
  const bin = start("--version");
  expect(await bin.closed).toEqual([0, null]);
  expect(bin.printed).toEqual({ stdout: `${version}\n`, stderr: "" });
});

test("prints every option when it is called with --help", async () => {
  const bin = start("--help");
  expect(await bin.closed).toEqual([0, null]);
  expect(bin.printed.stderr).toBe("");
  expect(bin.printed.stdout.match(/^ {2}(-h, )?--[\w-]+/gm)).toEqual([
    ...["port", "storage-port", "host", "data-dir", "api-key", "tenant-id", "discard", "version"].map(
      (name) => `  --${name}`,
    ),
    "  -h, --help",
  ]);
});

describe("a start that cannot work ends with 1 and its options", () => {
  let taken: Server;
  beforeAll(async () => {
    taken = createServer().listen(0, "127.0.0.1");
    await once(taken, "listening");
  });
  afterAll(() => taken.close());

  const seeHelp = "list options: processmind-emulator --help";
  test.each<[string, string[], string, string[]]>([
    ["an unknown option", ["--prot", "1"], "unknown option '--prot'", ["Did you mean --port?", seeHelp]],
    ["a word", ["start"], "too many arguments", [seeHelp]],
    ["no value", ["--port"], "option '--port <n>' argument missing", [seeHelp]],
    ["a port in words", ["--port", "http"], "It must be a port number from 0 to 65535.", [seeHelp]],
    ["a port that is none", ["--storage-port", "65536"], "It must be a port number from 0 to 65535.", [seeHelp]],
    ["an empty key", ["--port", "0", "--storage-port", "0", "--api-key", ""], "The API key must not be empty", []],
    [
      "an empty host",
      ["--port", "0", "--storage-port", "0", "--host", ""],
      "The host must not be empty.",
      ["listen on every address: 0.0.0.0 or ::"],
    ],
    [
      "a port that is taken",
      ["--port", "{taken}", "--data-dir", "data"],
      "cannot listen on 127.0.0.1:{taken}: the port is in use.",
      ["take another port, or 0 for a free one: --port 0"],
    ],
    [
      "a storage port that is taken",
      ["--port", "0", "--storage-port", "{taken}"],
      "cannot listen on 127.0.0.1:{taken}: the port is in use.",
      ["take another port, or 0 for a free one: --storage-port 0"],
    ],
    [
      "an address that is not ours",
      ["--host", "192.0.2.1"],
      "cannot listen on 192.0.2.1:8787: listen EADDRNOTAVAIL",
      [],
    ],
    ["a file for a folder", ["--port", "0", "--data-dir", "file"], "ENOTDIR", []],
    [
      "a damaged folder",
      ["--port", "0", "--data-dir", "."],
      "is not valid JSON",
      ["restore state.json from a copy", "start with an empty tenant: choose another folder with --data-dir"],
    ],
  ])("%s", async (_name, args, message, options) => {
    writeFileSync(join(folder, "file"), "");
    writeFileSync(join(folder, "state.json"), "{");
    const { port } = taken.address() as { port: number };
    const bin = start(...args.map((arg) => arg.replace("{taken}", String(port))));
    expect(await bin.closed).toEqual([1, null]);
    const [first, ...rest] = bin.printed.stderr.trimEnd().split("\n");
    expect(first).toMatch(/^processmind-emulator: /);
    expect(first).toContain(message.replace("{taken}", String(port)));
    expect({ stdout: bin.printed.stdout, rest }).toEqual({
      stdout: "",
      rest: options.map((option) => `  - ${option}`),
    });
  });
});
