import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import fsPromises from "node:fs/promises";
import { join } from "node:path";
import { type Emulator, startEmulator } from "processmind-emulator";
import { FolderStore } from "../../emulator/store/folder-store";
import { onceFree } from "../support/once-free";
import { eachTestInFolder } from "../support/temp-folder";
import { api, makeTable, presign, send, upload } from "./client";

let folder: string;
let running: Emulator[];
// Before the folder is deleted.
afterEach(async () => {
  for (const emulator of running) await emulator.close();
});
eachTestInFolder("emulator-data-", (made) => {
  [folder, running] = [made, []];
});

async function open(options: Parameters<typeof startEmulator>[0] = {}): Promise<Emulator> {
  const emulator = await startEmulator({ dataDir: folder, ...options });
  running.push(emulator);
  return emulator;
}

const stateFile = () => join(folder, "state.json");
const savedState = () => JSON.parse(readFileSync(stateFile(), "utf8"));
const objects = () => readdirSync(join(folder, "objects"));

test("everything survives a restart: tenant, objects, rows, bytes, URLs", async () => {
  const first = await open();
  const table = await makeTable(first);
  await upload(first, table, "a\n1\n2\n");
  const url = await presign(first, table);
  const before = first.state();
  const { port, storagePort } = {
    port: Number(new URL(first.apiUrl).port),
    storagePort: Number(new URL(first.storageUrl).port),
  };
  await first.close();
  expect(readdirSync(folder).sort()).toEqual(["objects", "state.json"]);
  const second = await onceFree(() => open({ port, storagePort }));
  expect(second.state()).toEqual(before);
  expect(second.tenantId).toBe(first.tenantId);
  expect(second.journal()).toEqual([]);
  expect(String(await second.objectBytes(before.uploads[0]?.id ?? ""))).toBe("a\n1\n2\n");
  expect((await send("PUT", url, { body: "a\n1\n" })).status).toBe(200);
  await second.settled();
  expect(second.state().datatables[0]?.rowCount).toBe(1);
});

const onUnix = process.platform === "win32" ? test.skip : test;
onUnix(
  "the state, with the secret that signs URLs, and uploads are for their owner's eyes; the key is not kept",
  async () => {
    const emulator = await open();
    await upload(emulator, await makeTable(emulator), "a\n1\n");
    const [stored = ""] = objects();
    const files = [stateFile(), join(folder, "objects", stored)];
    expect(files.map((file) => statSync(file).mode & 0o777)).toEqual([0o600, 0o600]);
    expect(readFileSync(stateFile(), "utf8")).not.toContain(emulator.apiKey);
  },
);

test("a state is on disk with its entry in the folder before it counts as written", async () => {
  const store = await FolderStore.open(folder);
  const synced: unknown[] = [];
  const openFile = fsPromises.open;
  const watched = jest.spyOn(fsPromises, "open").mockImplementation(async (path, ...rest) => {
    const handle = await openFile(path, ...rest);
    const sync = handle.sync.bind(handle);
    handle.sync = () => {
      synced.push([path === folder ? "folder" : "draft", existsSync(stateFile()) && savedState()]);
      return sync();
    };
    return handle;
  });
  await store.writeState({ version: 2 }).finally(() => watched.mockRestore());
  await store.close();
  expect(synced).toEqual([
    ["draft", false],
    ["folder", { version: 2 }],
  ]);
});

test("rejects an empty host, which would be every address", async () => {
  await expect(open({ host: "" })).rejects.toThrow("The host must not be empty.");
  expect(existsSync(join(folder, "emulator.lock"))).toBe(false);
});

test("what was stored and not yet ingested is ingested after the restart", async () => {
  const first = await open({ behaviour: { ingestionDelayMs: 60_000 } });
  const url = await presign(first, await makeTable(first));
  await send("PUT", url, { body: "a\n1\n" });
  expect(first.uploads()[0]?.ingestion).toBe("waiting");
  await first.close();
  const second = await open();
  await second.settled();
  expect(second.state().datatables[0]?.rowCount).toBe(1);
});

test("replaced and deleted bytes leave the folder", async () => {
  const emulator = await open();
  const table = await makeTable(emulator);
  const url = await presign(emulator, table);
  for (const body of ["a\n1\n", "a\n1\n2\n"]) await send("PUT", url, { body });
  expect(objects()).toEqual([emulator.uploads()[0]?.object?.objectId]);
  await api(emulator, "DELETE", `/datasets/${table.datasetId}`);
  expect(objects()).toEqual([]);
  expect(savedState()).toMatchObject({ datasets: [], datatables: [], uploads: [] });
});

test("what an interrupted write left is swept, what is not ours stays", async () => {
  await (await open()).close();
  const id = "00000000-0000-4000-8000-000000000000";
  const ended = `emulator.lock.${2 ** 30}`;
  const held = `emulator.lock.${process.ppid}`;
  for (const name of [
    `objects/${id}`,
    `objects/${id}.part`,
    "state.json.123",
    "notes.txt",
    "objects/readme",
    ended,
    held,
  ]) {
    writeFileSync(join(folder, name), "x");
  }
  const emulator = await open();
  expect(objects()).toEqual(["readme"]);
  expect(readdirSync(folder).sort()).toEqual(["emulator.lock", held, "notes.txt", "objects", "state.json"]);
  expect(emulator.state().uploads).toEqual([]);
});

describe("a folder that cannot be used is refused and left as it is", () => {
  /** Name, damage, and what the error says. */
  const DAMAGES: [string, (state: Record<string, unknown>) => string | object, string][] = [
    ["cut in half", (state) => JSON.stringify(state).slice(0, 200), "not valid JSON"],
    ["empty", () => "", "not valid JSON"],
    ["of another kind", () => "[]", "not a state of version 1"],
    ["null", () => "null", "not a state of version 1"],
    ["of another version", (state) => ({ ...state, version: 2 }), "not a state of version 1"],
    ["without tenant", (state) => ({ ...state, tenant: {} }), "it names no tenant"],
    ["without secret", (state) => ({ ...state, signingSecret: 5 }), "it has no signingSecret"],
    ["without a list", (state) => ({ ...state, uploads: {} }), "uploads is not a list"],
    ["with a broken entry", (state) => ({ ...state, datasets: [null] }), "datasets[0].id is not a string"],
    [
      "with a nameless table",
      (state) => ({ ...state, datatables: [{ id: "x", datasetId: "y" }] }),
      "datatables[0].displayName",
    ],
    [
      "with a broken object",
      (state) => ({ ...state, uploads: [{ ...(state["uploads"] as object[])[0], object: "x" }] }),
      "uploads[0].object is not an object",
    ],
  ];

  test.each(DAMAGES)("state %s", async (_name, damage, why) => {
    const first = await open();
    await upload(first, await makeTable(first), "a\n1\n");
    await first.close();
    const damaged = damage(savedState());
    const text = typeof damaged === "string" ? damaged : JSON.stringify(damaged);
    writeFileSync(stateFile(), text);
    const kept = objects();
    await expect(open()).rejects.toThrow(why);
    await expect(open()).rejects.toThrow("left as it is");
    expect(readFileSync(stateFile(), "utf8")).toBe(text);
    expect(objects()).toEqual(kept);
    expect(existsSync(join(folder, "emulator.lock"))).toBe(false);
  });

  test.each<[string, () => void, string]>([
    ["bytes are gone", () => rmSync(join(folder, "objects", String(objects()[0]))), "are missing or not 4 bytes long"],
    [
      "bytes are cut short",
      () => writeFileSync(join(folder, "objects", String(objects()[0])), "a"),
      "not 4 bytes long",
    ],
    [
      "bytes are a link out of the folder",
      () => {
        const path = join(folder, "objects", String(objects()[0]));
        renameSync(path, join(folder, "elsewhere"));
        symlinkSync(join(folder, "elsewhere"), path);
      },
      "are missing or not 4 bytes long",
    ],
    [
      "bytes are named by a path",
      () => writeFileSync(stateFile(), readFileSync(stateFile(), "utf8").replace(/"objectId": "/, "$&../")),
      "are missing or not 4 bytes long",
    ],
    ["the state is gone, the bytes are not", () => rmSync(stateFile()), "uploads (1) but no state that knows them"],
  ])("%s", async (_name, damage, why) => {
    const first = await open();
    await upload(first, await makeTable(first), "a\n1\n");
    await first.close();
    damage();
    const kept = [objects(), existsSync(stateFile())];
    await expect(open()).rejects.toThrow(why);
    expect([objects(), existsSync(stateFile())]).toEqual(kept);
  });

  test("it belongs to another tenant", async () => {
    const first = await open({ tenantId: "mine" });
    await first.close();
    await expect(open({ tenantId: "yours" })).rejects.toThrow("it belongs to tenant mine, not yours");
    expect((await open()).tenantId).toBe("mine");
  });

  test("another emulator uses it", async () => {
    await open();
    await expect(open()).rejects.toThrow(`is in use by "processmind-emulator" (process ${process.pid} on `);
    const both = await Promise.allSettled([0, 1].map(() => startEmulator({ dataDir: join(folder, "fresh") })));
    expect(both.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    for (const each of both) if (each.status === "fulfilled") running.push(each.value);
  });

  test("its state lies elsewhere", async () => {
    const elsewhere = join(folder, "elsewhere.json");
    symlinkSync(elsewhere, stateFile());
    await expect(open()).rejects.toThrow("state.json is a link to another place");
    expect(existsSync(elsewhere)).toBe(false);
  });

  test("its objects lie elsewhere", async () => {
    const elsewhere = join(folder, "some", "where");
    mkdirSync(elsewhere, { recursive: true });
    symlinkSync(elsewhere, join(folder, "objects"));
    await expect(open()).rejects.toThrow("is a link to another place");
  });
});
