import * as fs from "node:fs/promises";
import type * as http from "node:http";
import * as os from "node:os";
import * as path from "node:path";
import { agentFor } from "../../provider/api/agents";
import { CONTINUE, eachTestWithServer, OK, refusal, type ScriptedServer, type Visit } from "./scripted-server";
import { put, summary } from "./upload-file";

/** What storage, or the network in front of it, may do to one PUT. */

const MIB = 1024 * 1024;
/** More than the buffers of this process and of the system hold: some of it is unsent while the server does not read. */
const LARGE_BYTES = 24 * MIB;

let folder: string;
let server: ScriptedServer;
let url: string;
let small: string;
let large: string;

beforeAll(async () => {
  folder = await fs.mkdtemp(path.join(os.tmpdir(), "connection-"));
  small = path.join(folder, "small.csv");
  large = path.join(folder, "large.csv");
  await fs.writeFile(small, "case_id,activity\n1,start\n");
  await writeLarge();
  // Of this file alone: on a busy machine the next file may come later than a connection is kept otherwise.
  const agent = agentFor("http://127.0.0.1", undefined) as http.Agent & { options: http.AgentOptions };
  agent.options.timeout = 60_000;
});

const writeLarge = () => fs.writeFile(large, Buffer.alloc(LARGE_BYTES, "case_id,activity\n"));

eachTestWithServer((started, address) => {
  [server, url] = [started, address];
});

afterAll(() => fs.rm(folder, { recursive: true }));

/** Reads a whole request, having told the client to go on. */
async function takeAll(visit: Visit, sizeBytes: number): Promise<Buffer> {
  if ((await visit.head())?.includes("100-continue")) visit.say(CONTINUE);
  return visit.body(sizeBytes);
}

const FOUND = (code: string, mayRetry: boolean, happened: string) => [
  code,
  mayRetry,
  expect.stringMatching(`^uploading "orders.csv" to Datatable "t": ${happened}`),
];

test.each([
  ["small", 25, []],
  ["large", LARGE_BYTES, ["Expect: 100-continue"]],
] as const)("a %s file: what is sent, and nothing else", async (name, size, extra) => {
  let head: string | undefined;
  let body: Buffer | undefined;
  server.script = async (visit) => {
    head = await visit.head();
    if (extra.length > 0) visit.say(CONTINUE);
    body = await visit.body(size);
    visit.say(OK);
  };
  const file = name === "small" ? small : large;
  expect(summary(await put(url, file))).toBe("stored");
  const host = new URL(url).host;
  expect(head?.split("\r\n")).toEqual([
    "PUT /bucket/key?X-Amz-Signature=s3cret HTTP/1.1",
    `Content-Length: ${size}`,
    ...extra,
    `Host: ${host}`,
    "Connection: keep-alive",
  ]);
  expect(body?.equals(await fs.readFile(file))).toBe(true);
});

describe("answers", () => {
  const FORBIDDEN = refusal("403 Forbidden", "AccessDenied", "Request has expired");
  const EXPIRED = FOUND(
    "UPLOAD_REJECTED",
    true,
    'storage rejected it: "AccessDenied: Request has expired" .*request R1',
  );

  test("a refusal before the body: not a byte of it is sent", async () => {
    const body = new Promise<Buffer>((resolve) => {
      server.script = async (visit) => {
        await visit.head();
        visit.say(FORBIDDEN);
        resolve(await visit.body(1));
      };
    });
    expect(summary(await put(url, large, { continueLimitMs: 60_000 }))).toEqual(EXPIRED);
    expect(await body).toEqual(Buffer.alloc(0));
  });

  test("a refusal before the body, and a closed connection", async () => {
    server.script = async (visit) => {
      await visit.head();
      visit.socket.end(FORBIDDEN);
    };
    expect(summary(await put(url, large, { continueLimitMs: 60_000 }))).toEqual(EXPIRED);
  });

  test("a refusal in the middle of the body is read, and the rest is not sent", async () => {
    server.script = async (visit) => {
      await takeAll(visit, MIB);
      visit.say(FORBIDDEN);
    };
    expect(summary(await put(url, large))).toEqual(EXPIRED);
  });

  test("a server that does not answer the question gets the body all the same", async () => {
    server.script = async (visit) => {
      await visit.head();
      await visit.body(LARGE_BYTES);
      visit.say(OK);
    };
    expect(summary(await put(url, large))).toBe("stored");
  });

  test("success before the body is nothing storage would say", async () => {
    server.script = async (visit) => {
      await visit.head();
      visit.say("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 6\r\n\r\nlog in");
    };
    expect(summary(await put(url, large, { continueLimitMs: 60_000 }))).toEqual(
      FOUND("BAD_RESPONSE", true, "the response came before all bytes"),
    );
  });

  test("success that is cut short is success", async () => {
    server.script = async (visit) => {
      await takeAll(visit, LARGE_BYTES);
      visit.socket.end("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n<half");
    };
    expect(summary(await put(url, large))).toBe("stored");
  });

  test.each([
    ["a reset", "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n<half"],
    ["a chunk without a length", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nno length\r\n"],
  ])("success that ends with %s is success", async (_name, answer) => {
    server.script = async (visit) => {
      await takeAll(visit, 25);
      visit.say(answer);
      await new Promise((wake) => setTimeout(wake, 300));
      visit.socket.resetAndDestroy();
    };
    expect(summary(await put(url, small))).toBe("stored");
    expect(server.connections).toBe(1);
  });

  test("a refusal that ends with a reset is a refusal", async () => {
    server.script = async (visit) => {
      await takeAll(visit, 25);
      visit.say("HTTP/1.1 403 Forbidden\r\nContent-Length: 100\r\n\r\n<half");
      await new Promise((wake) => setTimeout(wake, 300));
      visit.socket.resetAndDestroy();
    };
    expect(summary(await put(url, small))).toEqual(FOUND("UPLOAD_REJECTED", false, "storage rejected it .*status 403"));
  });

  test("a redirect is not followed", async () => {
    server.script = async (visit) => {
      await takeAll(visit, 25);
      visit.say(`HTTP/1.1 307 Temporary Redirect\r\nLocation: ${url}\r\nContent-Length: 0\r\n\r\n`);
    };
    expect(summary(await put(url, small))).toEqual(FOUND("UPLOAD_REJECTED", false, "storage rejected it .*status 307"));
    expect(server.connections).toBe(1);
  });
});

describe("a connection", () => {
  test.each([0, MIB, LARGE_BYTES / 2])("reset after %i bytes of the body", async (bytes) => {
    server.script = async (visit) => {
      await takeAll(visit, bytes);
      visit.socket.resetAndDestroy();
    };
    expect(summary(await put(url, large))).toEqual(FOUND("NETWORK", true, "the connection was lost \\(E"));
  });

  test.each<[string, (visit: Visit) => Promise<unknown>]>([
    ["on which nothing is answered", (visit) => visit.head()],
    ["on which nothing is read any more", (visit) => takeAll(visit, MIB)],
    ["on which the whole body is not answered", (visit) => takeAll(visit, LARGE_BYTES)],
  ])("%s is given up", async (_name, script) => {
    server.script = async (visit) => void (await script(visit));
    const result = await put(url, large, { idleLimitMs: 1_500 });
    expect(summary(result)).toEqual(FOUND("TIMEOUT", true, "no byte moved for 1.5 s"));
  });

  test("is not given up because the whole process stood still", async () => {
    const idleLimitMs = 3_000;
    server.script = async (visit) => {
      await takeAll(visit, 25);
      visit.say(OK);
      // No timer and no socket is served meanwhile, and the timers come first.
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, idleLimitMs + 100);
    };
    expect(summary(await put(url, small, { idleLimitMs }))).toBe("stored");
  });

  test("that moves, but not fast enough for the time limit", async () => {
    server.script = async (visit) => void (await takeAll(visit, MIB));
    const result = await put(url, large, { timeoutMs: 300 });
    expect(summary(result)).toEqual(FOUND("TIMEOUT", true, "not finished within 0.3 s"));
  });

  test("that is slow but alive is given its time", async () => {
    server.script = async (visit) => {
      let received = (await takeAll(visit, 4 * MIB)).length;
      while (received < LARGE_BYTES) {
        await new Promise((wake) => setTimeout(wake, 2_000));
        received += (await visit.body(Math.min(4 * MIB, LARGE_BYTES - received))).length;
      }
      visit.say(OK);
    };
    expect(summary(await put(url, large, { idleLimitMs: 8_000 }))).toBe("stored");
  });

  test("is used for one file after the other", async () => {
    server.script = async (visit) => {
      while ((await visit.head()) !== undefined) {
        await visit.body(25);
        visit.say(OK);
      }
    };
    for (let turn = 0; turn < 20; turn++) expect(summary(await put(url, small))).toBe("stored");
    expect(server.connections).toBe(1);
  });

  test("that was kept and is dead by now counts as lost, and the next try makes another", async () => {
    server.script = async (visit) => {
      await takeAll(visit, 25);
      visit.say(OK);
      if (server.connections > 1) return;
      await visit.next();
      visit.socket.resetAndDestroy();
    };
    const results = [];
    for (let turn = 0; turn < 3; turn++) results.push(summary(await put(url, small)));
    expect(results).toEqual(["stored", FOUND("NETWORK", true, "the connection was lost \\(ECONNRESET"), "stored"]);
  });
});

test.each(["small", "large"])("a disk that cannot be read ends a %s file in words", async (name) => {
  server.script = async (visit) => {
    if ((await visit.head())?.includes("100-continue")) visit.say(CONTINUE);
  };
  // A folder opens, and every read of it fails, as those of a bad disk do.
  const unreadable = await fs.open(folder);
  try {
    const sent = put(url, name === "small" ? small : large, { descriptor: unreadable.fd });
    await expect(sent).rejects.toMatchObject({
      code: "SOURCE_UNREADABLE",
      message: expect.stringContaining("nothing was stored, as the file cannot be read (EISDIR)"),
    });
  } finally {
    await unreadable.close();
  }
});

describe("a file that changes while it is sent is not stored", () => {
  beforeEach(writeLarge);

  test.each<[string, () => Promise<unknown>, string]>([
    [
      "cut short",
      () => fs.truncate(large, LARGE_BYTES - 100),
      `it ended after ${LARGE_BYTES - 100} of ${LARGE_BYTES} bytes`,
    ],
    ["emptied", () => fs.truncate(large, 0), `it ended after .* of ${LARGE_BYTES} bytes`],
    ["appended to", () => fs.appendFile(large, "2,end\n"), `${LARGE_BYTES + 6} bytes, expected ${LARGE_BYTES}`],
    ["written over at its end", () => overwriteEnd(), "its hash differs"],
  ])("%s", async (_name, change, what) => {
    let received = 0;
    server.script = async (visit) => {
      received += (await takeAll(visit, MIB)).length;
      await change();
      received += (await visit.body(LARGE_BYTES - received)).length;
      if (received === LARGE_BYTES) visit.say(OK);
    };
    await expect(put(url, large)).rejects.toMatchObject({
      code: "SOURCE_CHANGED",
      message: expect.stringMatching(`nothing was stored, as the file changed: ${what} \\(SOURCE_CHANGED`),
    });
    expect(received).toBeLessThan(LARGE_BYTES);
  });

  async function overwriteEnd(): Promise<void> {
    const file = await fs.open(large, "r+");
    await file.write("X", LARGE_BYTES - 1);
    await file.close();
  }

  test("another file of the same name is not this one: what was checked is stored, whole", async () => {
    const before = await fs.readFile(large);
    let body = Buffer.alloc(0);
    server.script = async (visit) => {
      const first = await takeAll(visit, MIB);
      await fs.writeFile(`${large}.new`, "other\n");
      await fs.rename(`${large}.new`, large);
      body = Buffer.concat([first, await visit.body(LARGE_BYTES - first.length)]);
      visit.say(OK);
    };
    expect(summary(await put(url, large))).toBe("stored");
    expect(body.equals(before)).toBe(true);
  });
});
