import { connect } from "node:net";
import { type Emulator, startEmulator } from "processmind-emulator";
import { api, journalled, makeTable, presign, RawConnection, send } from "./client";

/** What is too much, too slow, or comes from elsewhere. */

const MIB = 1024 * 1024;
const running: Emulator[] = [];
afterEach(async () => {
  for (const emulator of running.splice(0)) await emulator.close();
});

async function started(options: Parameters<typeof startEmulator>[0] = {}): Promise<Emulator> {
  const emulator = await startEmulator(options);
  running.push(emulator);
  return emulator;
}

/** Sends a body of up to 200 MiB until the other side has enough; resolves with how many bytes went out. */
async function flood(url: string, method: string, headers: Record<string, string>): Promise<number> {
  const connection = await RawConnection.open(url);
  const { socket } = connection;
  connection.head(method, url, { "Content-Length": String(200 * MIB), ...headers });
  const chunk = Buffer.alloc(MIB, " ");
  const more = () => {
    for (let fits = true; fits && socket.writable && socket.bytesWritten < 200 * MIB; ) fits = socket.write(chunk);
  };
  socket.on("drain", more);
  more();
  await connection.ended();
  return socket.bytesWritten;
}

test.each<[string, string, (emulator: Emulator) => string, number[]]>([
  ["a create", "POST", ({ apiUrl, tenantId }) => `${apiUrl}/tenant/${tenantId}/datasets`, [413, 200]],
  ["a read", "GET", ({ apiUrl, tenantId }) => `${apiUrl}/tenant/${tenantId}/datasets`, [413, 200]],
  ["the control endpoint", "POST", ({ controlUrl }) => `${controlUrl}/faults`, [200]],
])("200 MB sent to %s are refused long before their end", async (...[, method, urlOf, statuses]) => {
  const emulator = await started();
  const sent = await flood(urlOf(emulator), method, { "x-api-key": emulator.apiKey });
  expect(sent).toBeLessThan(64 * MIB);
  expect((await api(emulator, "GET", "/datasets")).json).toEqual([]);
  expect(emulator.journal().map(({ status }) => status)).toEqual(statuses);
});

test.each<[string, string]>([
  ["the API", "/datasets"],
  ["the control endpoint", "/_control/faults"],
])("a body over 1 MiB to %s is told so", async (name, path) => {
  const emulator = await started();
  const base = name === "the API" ? `${emulator.apiUrl}/tenant/${emulator.tenantId}` : emulator.apiUrl;
  const body = Buffer.alloc(8 * MIB, " ");
  const answer = await send("POST", `${base}${path}`, { headers: { "x-api-key": emulator.apiKey }, body });
  expect([answer.status, answer.json, answer.headers["connection"]]).toEqual([
    413,
    { message: "the body is larger than 1048576 bytes" },
    "close",
  ]);
});

test("an upload over the limit is refused before a byte of it is sent", async () => {
  const emulator = await started();
  const url = await presign(emulator, await makeTable(emulator));
  const connection = await RawConnection.open(emulator.storageUrl);
  connection.head("PUT", url, { "Content-Length": String(5 * 1024 ** 3 + 1), Expect: "100-continue" });
  expect(await connection.ended()).toContain("<Code>EntityTooLarge</Code>");
  expect(emulator.journal().at(-1)).toMatchObject({ receivedBytes: 0, committed: false });
});

test("nesting without end is refused, and told apart from what is no JSON", async () => {
  const emulator = await started();
  const nested = (levels: number) => JSON.parse(`${"[".repeat(levels)}${"]".repeat(levels)}`);
  for (const [levels, message] of [
    [99, "treeNodeType must be Dataset or TreeGroup"],
    [100, "nested deeper than 100 levels"],
    [1_000, "nested deeper than 100 levels"],
  ] as const) {
    const answer = await api(emulator, "POST", "/datasets", { displayName: "Sales", treeNodeType: nested(levels) });
    expect([answer.status, answer.json.message]).toEqual([400, expect.stringContaining(message)]);
  }
});

test("a large body is obeyed, and left out of the journal", async () => {
  const emulator = await started();
  const displayName = "x".repeat(70_000);
  expect((await api(emulator, "POST", "/datasets", { displayName })).status).toBe(200);
  expect(emulator.state().datasets.map((dataset) => dataset.displayName)).toEqual([displayName]);
  expect(emulator.journal().map(({ body, committed }) => [body, committed])).toEqual([[undefined, true]]);
});

test("clients that never finish their requests keep nobody else waiting, and do not outlive the emulator", async () => {
  const emulator = await started();
  const url = await presign(emulator, await makeTable(emulator));
  const idle = await Promise.all(
    Array.from({ length: 60 }, (_, i) => RawConnection.open(i % 2 ? emulator.apiUrl : emulator.storageUrl)),
  );
  for (const [i, { socket }] of idle.entries()) {
    const head = i % 2 ? "POST /tenant/x/datasets HTTP/1.1" : `PUT ${url.slice(emulator.storageUrl.length)} HTTP/1.1`;
    socket.write(`${head}\r\nHost: ${new URL(url).host}\r\n${i % 3 ? "" : "Content-Length: 9\r\n\r\n12"}`);
  }
  await journalled(emulator, ({ receivedBytes }) => receivedBytes === 2);
  expect((await send("PUT", url, { body: "a\n1\n" })).status).toBe(200);
  await emulator.close();
  await Promise.all(idle.map((connection) => connection.ended()));
});

/** All of 127.0.0.0/8 is this machine on Linux, so that an address nobody listens on needs no other network. */
(process.platform === "linux" ? describe : describe.skip)("the address", () => {
  const reached = (url: string) =>
    new Promise<string>((resolve) => {
      const socket = connect({ host: "127.0.0.2", port: Number(new URL(url).port) });
      socket.once("connect", () => resolve("reached")).once("error", ({ message }) => resolve(message));
      socket.once("connect", () => socket.destroy());
    });

  test("is 127.0.0.1 and no other", async () => {
    const emulator = await started();
    for (const url of [emulator.apiUrl, emulator.storageUrl]) expect(await reached(url)).toMatch(/ECONNREFUSED/);
  });

  test("is another only when asked for", async () => {
    const emulator = await started({ host: "0.0.0.0" });
    for (const url of [emulator.apiUrl, emulator.storageUrl]) expect(await reached(url)).toBe("reached");
    expect(new URL(await presign(emulator, await makeTable(emulator))).hostname).toBe("127.0.0.1");
  });

  test.each(["a b", "[", "x:99999"])(
    "the name %j a client calls it by is no name: uploads go to loopback",
    async (host) => {
      const emulator = await started({ host: "0.0.0.0" });
      const { datasetId, datatableId } = await makeTable(emulator);
      const query = `datasetid=${datasetId}&filename=a.csv&filesize=1&filelastmodified=1`;
      const connection = await RawConnection.open(emulator.apiUrl);
      const path = `/tenant/${emulator.tenantId}/datatable/${datatableId}/uploads/presignedurl?${query}`;
      const head = `GET ${path} HTTP/1.1\r\nHost: ${host}\r\nx-api-key: ${emulator.apiKey}\r\nConnection: close\r\n\r\n`;
      connection.socket.write(Buffer.from(head, "latin1"));
      expect(await connection.ended()).toContain(`"PreSignedUploadUrl":"${emulator.storageUrl}/`);
    },
  );
});
