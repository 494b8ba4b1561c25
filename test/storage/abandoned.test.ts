import * as fs from "node:fs/promises";
import type { IncomingMessage } from "node:http";
import * as https from "node:https";
import type { AddressInfo } from "node:net";
import * as os from "node:os";
import * as path from "node:path";
import { generate } from "selfsigned";
import { agentFor } from "../../provider/api/agents";
import { CONTINUE, eachTestWithServer, OK, type ScriptedServer, type Visit } from "./scripted-server";
import { put, summary } from "./upload-file";

/** Uploads that nobody is left to record: what reaches storage when the engine ends at a bad moment. */

const MIB = 1024 * 1024;
/** Fits into what the system takes from a client before the server reads anything. */
const BYTES = 2.5 * MIB;

let folder: string;
let file: string;
let server: ScriptedServer;
let url: string;

beforeAll(async () => {
  folder = await fs.mkdtemp(path.join(os.tmpdir(), "abandoned-"));
  file = path.join(folder, "orders.csv");
  await fs.writeFile(file, Buffer.alloc(BYTES, "case_id,activity\n"));
});
eachTestWithServer((started, address) => {
  [server, url] = [started, address];
});
afterAll(() => fs.rm(folder, { recursive: true }));

async function begin(visit: Visit): Promise<void> {
  await visit.head();
  visit.say(CONTINUE);
}

test.each([2, BYTES])("holds the last of %d bytes back until the engine is known to be there", async (size) => {
  const source = path.join(folder, "part.csv");
  await fs.writeFile(source, (await fs.readFile(file)).subarray(0, size));
  let before = -1;
  let allow: () => void = () => undefined;
  const allowed = new Promise<void>((resolve) => {
    allow = resolve;
  });
  server.script = async (visit) => {
    await begin(visit);
    before = (await visit.body(size - 1)).length;
    allow();
    expect(await visit.body(1)).toHaveLength(1);
    visit.say(OK);
  };
  expect(summary(await put(url, source, { beforeLastByte: () => allowed }))).toBe("stored");
  expect(before).toBe(size - 1);
});

test.each([1, BYTES])("never sends the last of %d bytes when the engine has ended", async (size) => {
  const source = path.join(folder, "part.csv");
  await fs.writeFile(source, (await fs.readFile(file)).subarray(0, size));
  let received = -1;
  const visited = new Promise<void>((resolve) => {
    server.script = async (visit) => {
      await begin(visit);
      received = (await visit.body(size)).length;
      resolve();
    };
  });
  const gone = async () => {
    throw new Error("the engine has ended");
  };
  await expect(put(url, source, { beforeLastByte: gone })).rejects.toThrow("the engine has ended");
  await visited;
  expect(received).toBe(size - 1);
});

test("begins nothing when the engine has ended before", async () => {
  const abort = AbortSignal.abort(new Error("the engine has ended"));
  await expect(put(url, file, { abort })).rejects.toThrow("the engine has ended");
  expect(server.connections).toBe(0);
});

const CUT_OFF = ["NETWORK", false, expect.stringContaining("the engine has ended")];

/** Resolves to the upload's result once all bytes are with the system, the server has read none, and the engine ended. */
async function cutOffWhenSent(address: string): Promise<unknown> {
  const engine = new AbortController();
  const onSent = (bytes: number) => {
    if (bytes === BYTES) engine.abort();
  };
  return summary(await put(address, file, { abort: engine.signal, onSent }));
}

test("takes back what the system has not sent yet when the engine ends", async () => {
  let read: () => void = () => undefined;
  const mayRead = new Promise<void>((resolve) => {
    read = resolve;
  });
  let received = -1;
  const visited = new Promise<void>((resolve) => {
    server.script = async (visit) => {
      await begin(visit);
      await mayRead;
      received = (await visit.body(BYTES)).length;
      resolve();
    };
  });
  expect(await cutOffWhenSent(url)).toEqual(CUT_OFF);
  read();
  await visited;
  expect(received).toBeLessThan(BYTES);
});

test("takes back what the system has not sent yet over TLS too", async () => {
  const { private: key, cert } = await generate([{ name: "commonName", value: "localhost" }]);
  const agent = agentFor("https://localhost", undefined) as https.Agent;
  agent.options.ca = cert;
  agent.options.rejectUnauthorized = false;
  let read: () => void = () => undefined;
  const mayRead = new Promise<void>((resolve) => {
    read = resolve;
  });
  let ended: (received: number) => void = () => undefined;
  const received = new Promise<number>((resolve) => {
    ended = resolve;
  });
  const take = async (request: IncomingMessage) => {
    await mayRead;
    let bytes = 0;
    request.on("data", (chunk: Buffer) => {
      bytes += chunk.length;
    });
    request.once("error", () => ended(bytes)).once("end", () => ended(bytes));
  };
  const secure = https.createServer({ key, cert });
  secure.on("checkContinue", (request, response) => {
    response.writeContinue();
    void take(request);
  });
  await new Promise<void>((done) => secure.listen(0, "127.0.0.1", done));
  try {
    expect(await cutOffWhenSent(`https://127.0.0.1:${(secure.address() as AddressInfo).port}/bucket/key`)).toEqual(
      CUT_OFF,
    );
    read();
    expect(await received).toBeLessThan(BYTES);
  } finally {
    agent.destroy();
    secure.closeAllConnections();
    secure.close();
  }
});
