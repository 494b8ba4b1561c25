import { type Emulator, startEmulator } from "processmind-emulator";
import { FAULT_KINDS, type Fault } from "../../emulator/wire/faults";
import { type Answer, api, journalled, makeTable, presign, RawConnection, send } from "./client";

let emulator: Emulator;
beforeAll(async () => {
  emulator = await startEmulator();
});
beforeEach(() => emulator.reset());
afterAll(() => emulator.close());

const create = () => api(emulator, "POST", "/datasets", { displayName: "Sales" });
const outcome = (answer: Promise<Answer>) => answer.catch((error: NodeJS.ErrnoException) => error.code);
const RESET = "ECONNRESET";
const created = expect.objectContaining({ displayName: "Sales" });

/** What a create of a dataset meets under each fault, and whether the dataset exists afterwards. */
const ON_CREATE: [Fault, unknown, { committed: boolean; ending: string }][] = [
  [
    { kind: "reply", status: 429, body: { message: "slow down" }, headers: { "retry-after": "2" } },
    { status: 429, json: { message: "slow down" } },
    { committed: false, ending: "answered" },
  ],
  [
    { kind: "reply", status: 200, body: "ok", commit: true },
    { status: 200, text: "ok", headers: { "content-type": "text/plain" } },
    { committed: true, ending: "answered" },
  ],
  [
    { kind: "reply", status: 204 },
    { status: 204, text: "" },
    { committed: false, ending: "answered" },
  ],
  [
    { kind: "delay", ms: 5 },
    { status: 200, json: created },
    { committed: true, ending: "answered" },
  ],
  [
    { kind: "delay", ms: 5, commit: true },
    { status: 200, json: created },
    { committed: true, ending: "answered" },
  ],
  [{ kind: "reset" }, RESET, { committed: false, ending: "reset" }],
  [{ kind: "reset", commit: true }, RESET, { committed: true, ending: "reset" }],
  [
    { kind: "truncate" },
    { status: 200, json: undefined, text: expect.stringMatching(/^\{"id"/) },
    { committed: true, ending: "answered" },
  ],
  [{ kind: "truncate", hangUp: true }, RESET, { committed: true, ending: "reset" }],
  [
    { kind: "html" },
    { status: 502, text: expect.stringContaining("<html>"), headers: { "content-type": "text/html" } },
    { committed: false, ending: "answered" },
  ],
  [{ kind: "html", status: 200, commit: true }, { status: 200 }, { committed: true, ending: "answered" }],
  [{ kind: "wrong-type" }, { status: 200, json: [created] }, { committed: true, ending: "answered" }],
  [
    { kind: "wrong-type", body: null },
    { status: 200, json: null },
    { committed: true, ending: "answered" },
  ],
  [
    { kind: "slow-read", pauseMs: 5 },
    { status: 200, json: created },
    { committed: true, ending: "answered" },
  ],
  [{ kind: "reset-after-bytes", bytes: 3 }, RESET, { committed: false, ending: "reset" }],
  [
    { kind: "early-close", status: 503, body: "busy" },
    { status: 503, text: "busy", headers: { connection: "close" } },
    { committed: false, ending: "answered" },
  ],
];

describe("what a create meets", () => {
  test.each(ON_CREATE)("%j", async (fault, answer, { committed, ending }) => {
    emulator.addFault({ ...fault, match: { route: "datasets.create" } });
    const met = await outcome(create());
    if (typeof answer === "string") expect(met).toBe(answer);
    else expect(met).toMatchObject(answer as object);
    const entry = await journalled(emulator, (each) => each.ending !== "open");
    expect(entry).toMatchObject({ committed, ending, fault: fault.kind });
    expect(emulator.state().datasets).toHaveLength(committed ? 1 : 0);
    expect((await create()).status).toBe(200);
  });

  test("every kind is in this file", () => {
    const tried = new Set<string>([...ON_CREATE.map(([{ kind }]) => kind), "expire-url"]);
    expect([...FAULT_KINDS].filter((kind) => !tried.has(kind))).toEqual([]);
  });
});

describe("what a PUT meets", () => {
  let url: string;
  beforeEach(async () => {
    url = await presign(emulator, await makeTable(emulator), { fileSize: 6 });
  });
  const put = () => send("PUT", url, { body: "a\n1\n2\n" });
  const stored = () => emulator.uploads()[0]?.object?.sizeBytes;

  test.each<[Fault, unknown, number | undefined]>([
    [{ kind: "reply", status: 503, body: "<Error><Code>SlowDown</Code></Error>" }, { status: 503 }, undefined],
    [{ kind: "reset" }, RESET, undefined],
    [{ kind: "reset", commit: true }, RESET, 6],
    [{ kind: "reset-after-bytes", bytes: 0 }, RESET, undefined],
    [{ kind: "reset-after-bytes", bytes: 2 }, RESET, undefined],
    [{ kind: "expire-url" }, { status: 403, text: expect.stringContaining("Request has expired") }, undefined],
    [{ kind: "slow-read", pauseMs: 1 }, { status: 200 }, 6],
    [{ kind: "wrong-type" }, { status: 200, json: [""] }, 6],
  ])("%j", async (fault, answer, sizeBytes) => {
    emulator.addFault({ ...fault, match: { route: "storage.put" } });
    const met = await outcome(put());
    if (typeof answer === "string") expect(met).toBe(answer);
    else expect(met).toMatchObject(answer as object);
    expect(stored()).toBe(sizeBytes);
    expect(await put()).toMatchObject({ status: 200 });
    expect(stored()).toBe(6);
  });

  test("early-close: 403 and a closed connection while the body is still to come", async () => {
    emulator.addFault({ kind: "early-close", match: { route: "storage.put" } });
    const connection = await RawConnection.open(emulator.storageUrl);
    connection.head("PUT", url, { "Content-Length": "1000000" });
    expect(await connection.ended()).toMatch(/^HTTP\/1\.1 403 /);
    expect(stored()).toBeUndefined();
  });

  test("expire-url on the presign call hands out a URL that has expired", async () => {
    emulator.addFault({ kind: "expire-url", match: { route: "uploads.presign" } });
    const table = await makeTable(emulator);
    const answers = [];
    for (let i = 0; i < 2; i += 1) answers.push(await send("PUT", await presign(emulator, table), { body: "a\n1\n" }));
    expect(answers.map(({ status }) => status)).toEqual([403, 200]);
    expect(answers[0]?.text).toContain("Request has expired");
  });
});

describe("which requests a fault happens to", () => {
  async function statuses(fault: Fault): Promise<number[]> {
    emulator.setFaults([fault]);
    const answers = [
      await api(emulator, "GET", "/datasets"),
      await create(),
      await api(emulator, "GET", "/datasets"),
      await api(emulator, "GET", "/datatables"),
      await api(emulator, "PUT", "/datatables"),
    ];
    return answers.map(({ status }) => status);
  }
  const fault = { kind: "reply", status: 500 } as const;

  test.each<[Pick<Fault, "match" | "after" | "times">, number[]]>([
    [{}, [500, 200, 200, 200, 404]],
    [{ times: 2 }, [500, 500, 200, 200, 404]],
    [{ times: 0 }, [200, 200, 200, 200, 404]],
    [{ times: "always" }, [500, 500, 500, 500, 500]],
    [{ after: 1 }, [200, 500, 200, 200, 404]],
    [{ after: 3, times: "always" }, [200, 200, 200, 500, 500]],
    [{ match: { method: "post" } }, [200, 500, 200, 200, 404]],
    [{ match: { route: "datatables.list" } }, [200, 200, 200, 500, 404]],
    [{ match: { route: "unknown" } }, [200, 200, 200, 200, 500]],
    [{ match: { route: "datasets.list" }, after: 1 }, [200, 200, 500, 200, 404]],
    [{ match: { path: "/datasets$", method: "GET" }, times: "always" }, [500, 200, 500, 200, 404]],
  ])("%j", async (more, expected) => {
    expect(await statuses({ ...fault, ...more })).toEqual(expected);
  });

  test("of several that are due the first happens, and each is counted", async () => {
    emulator.setFaults([
      { kind: "reply", status: 500 },
      { kind: "reply", status: 501, after: 1 },
      { kind: "reply", status: 502, after: 1 },
    ]);
    const answers = [];
    for (let i = 0; i < 4; i += 1) answers.push((await api(emulator, "GET", "/datasets")).status);
    expect(answers).toEqual([500, 501, 502, 200]);
  });

  test("the control endpoint is out of reach, and the journal", async () => {
    emulator.addFault({ kind: "reset", times: "always" });
    expect((await send("GET", `${emulator.controlUrl}/state`)).status).toBe(200);
    expect(emulator.journal()).toEqual([]);
  });
});
