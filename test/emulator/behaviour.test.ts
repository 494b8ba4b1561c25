import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type Emulator, startEmulator } from "../../sandbox/emulator";
import { BEHAVIOURS, type Behaviour, type Switch } from "../../sandbox/emulator/domain/behaviour";
import { api, makeTable, presign, send, upload } from "./client";

let emulator: Emulator;
beforeAll(async () => {
  emulator = await startEmulator();
});
beforeEach(() => emulator.reset());
afterAll(() => emulator.close());

const post = (displayName: string, more: object = {}) => api(emulator, "POST", "/datasets", { displayName, ...more });
const status = async (method: string, path: string) => (await api(emulator, method, path)).status;
const keys = (value: object) => Object.keys(value).sort();

async function statusOfWrongKey(): Promise<number> {
  const headers = { "x-api-key": "wrong" };
  return (await send("GET", `${emulator.apiUrl}/tenant/${emulator.tenantId}/datasets`, { headers })).status;
}

async function repeated(times: number, probe: () => Promise<unknown>): Promise<unknown[]> {
  const results = [];
  for (let i = 0; i < times; i += 1) results.push(await probe());
  return results;
}

/** Reads of a dataset just created, three times. */
async function readsOfNew(): Promise<unknown[]> {
  const { id } = (await post("Sales")).json;
  return repeated(3, () => status("GET", `/datasets/${id}`));
}

async function listsOfNew(): Promise<unknown[]> {
  await post("Sales");
  return repeated(3, async () => (await api(emulator, "GET", "/datasets")).json.length);
}

async function deletedTable(): Promise<unknown[]> {
  const { datatableId } = await makeTable(emulator);
  const { status: first, json } = await api(emulator, "DELETE", `/datatable/${datatableId}`);
  return [first, json.success, await status("GET", `/datatable/${datatableId}`)];
}

async function deletedDataset(): Promise<unknown[]> {
  const { datasetId } = await makeTable(emulator);
  const { status: first, json } = await api(emulator, "DELETE", `/datasets/${datasetId}`);
  return [first, json, await status("GET", `/datasets/${datasetId}`)];
}

async function deletedTwice(): Promise<unknown> {
  const { id } = (await post("Sales")).json;
  await api(emulator, "DELETE", `/datasets/${id}`);
  return status("DELETE", `/datasets/${id}`);
}

/** DELETE of a folder with a dataset in it: the status, the names left, and their parents. */
async function deletedFolder(): Promise<unknown[]> {
  const folder = (await post("Folder", { treeNodeType: "TreeGroup" })).json;
  await post("Inside", { treeParentId: folder.id });
  const deleted = await status("DELETE", `/datasets/${folder.id}`);
  return [
    deleted,
    emulator.state().datasets.map(({ displayName, treeParentId }) => [displayName, treeParentId !== null]),
  ];
}

/** Row count and column names after two uploads. */
async function uploadedTwice(): Promise<unknown> {
  const table = await makeTable(emulator);
  await upload(emulator, table, "a\n1\n2\n");
  await upload(emulator, table, "b\n1\n");
  const { rowCount, columns } = (await api(emulator, "GET", `/datatable/${table.datatableId}`)).json;
  return [rowCount, columns.map(({ name }: { name: string }) => name)];
}

async function ingested(): Promise<unknown> {
  const table = await makeTable(emulator);
  await upload(emulator, table, "a\n1\n2\n");
  return [emulator.uploads()[0]?.ingestion, emulator.state().datatables[0]?.rowCount];
}

async function emptyTable(): Promise<unknown> {
  const { rowCount, columns } = (await api(emulator, "GET", `/datatable/${(await makeTable(emulator)).datatableId}`))
    .json;
  return [rowCount, columns];
}

async function putWith(contentType: string): Promise<unknown> {
  const url = await presign(emulator, await makeTable(emulator));
  return (await send("PUT", url, { body: "a\n1\n", headers: { "content-type": contentType } })).status;
}

async function putToDeleted(): Promise<unknown> {
  const table = await makeTable(emulator);
  const url = await presign(emulator, table);
  await api(emulator, "DELETE", `/datasets/${table.datasetId}`);
  return [(await send("PUT", url, { body: "a\n1\n" })).status, emulator.uploads()];
}

const DELAY_MS = 500;
/** A timer may ring that much before its time. */
const EARLY_MS = 10;

/** Whether the delay had gone by when the rows were there, and the rows. A stall makes it longer, never shorter. */
async function rowsAfterDelay(): Promise<unknown> {
  const table = await makeTable(emulator);
  const began = performance.now();
  await upload(emulator, table, "a\n1\n");
  const isLate = performance.now() - began >= DELAY_MS - EARLY_MS;
  return [isLate, emulator.state().datatables[0]?.rowCount];
}

async function createdReply(): Promise<unknown> {
  const { json } = await post("Sales");
  return keys(json);
}

const FULL = ["createdAt", "displayName", "id", "treeNodeType", "treeParentId"];

/** What each value of each switch makes a client see. */
const TABLE: {
  [K in keyof Behaviour]: { probe: () => Promise<unknown>; sees: [value: Behaviour[K], result: unknown][] };
} = {
  wrongKeyStatus: {
    probe: statusOfWrongKey,
    sees: [
      [401, 401],
      [403, 403],
    ],
  },
  unknownRouteStatus: {
    probe: () => status("GET", "/processes"),
    sees: [
      [404, 404],
      [403, 403],
    ],
  },
  missingStatus: {
    probe: () => status("GET", "/datasets/nowhere"),
    sees: [
      [404, 404],
      [403, 403],
    ],
  },
  createStatus: {
    probe: async () => (await post("Sales")).status,
    sees: [
      [200, 200],
      [201, 201],
    ],
  },
  createReply: {
    probe: createdReply,
    sees: [
      ["full", FULL],
      ["id", ["id"]],
      ["wrapped", ["data"]],
      ["noId", FULL.filter((key) => key !== "id")],
    ],
  },
  uniqueNames: {
    probe: async () => [(await post("Sales")).status, (await post("Sales")).status, (await post("sales")).status],
    sees: [
      [false, [200, 200, 200]],
      [true, [200, 409, 200]],
    ],
  },
  trimDisplayNames: {
    probe: async () => (await post(" Sales ")).json.displayName,
    sees: [
      [false, " Sales "],
      [true, "Sales"],
    ],
  },
  missingReadsAfterCreate: {
    probe: readsOfNew,
    sees: [
      [0, [200, 200, 200]],
      [2, [404, 404, 200]],
    ],
  },
  missingListsAfterCreate: {
    probe: listsOfNew,
    sees: [
      [0, [1, 1, 1]],
      [2, [0, 0, 1]],
    ],
  },
  treeFieldsOnRead: {
    probe: async () =>
      "treeNodeType" in (await api(emulator, "GET", `/datasets/${(await post("Sales")).json.id}`)).json,
    sees: [
      [false, false],
      [true, true],
    ],
  },
  treeFieldsInList: {
    probe: async () => {
      await post("Sales");
      return "treeParentId" in (await api(emulator, "GET", "/datasets")).json[0];
    },
    sees: [
      [false, false],
      [true, true],
    ],
  },
  hiddenFields: {
    probe: async () => keys((await api(emulator, "GET", `/datatable/${(await makeTable(emulator)).datatableId}`)).json),
    sees: [
      [[], ["columns", "createdAt", "datasetId", "displayName", "id", "rowCount"]],
      [
        ["rowCount", "columns"],
        ["createdAt", "datasetId", "displayName", "id"],
      ],
    ],
  },
  extraFields: {
    probe: createdReply,
    sees: [
      [false, FULL],
      [true, [...FULL, "_links", "ownerId", "tags"].sort()],
    ],
  },
  rowCountBeforeUpload: {
    probe: emptyTable,
    sees: [
      ["zero", [0, []]],
      ["null", [null, null]],
      ["absent", [undefined, undefined]],
    ],
  },
  datatableDelete: {
    probe: deletedTable,
    sees: [
      ["404", [404, undefined, 200]],
      ["403", [403, undefined, 200]],
      ["405", [405, undefined, 200]],
      ["works", [200, true, 404]],
      ["pretends", [200, true, 200]],
    ],
  },
  deleteReply: {
    probe: deletedDataset,
    sees: [
      ["success", [200, { success: true }, 404]],
      ["successFalse", [200, { success: false }, 200]],
    ],
  },
  secondDelete: {
    probe: deletedTwice,
    sees: [
      ["missing", 404],
      ["success", 200],
    ],
  },
  deleteFolderWithChildren: {
    probe: deletedFolder,
    sees: [
      ["cascade", [200, []]],
      [
        "refuse",
        [
          409,
          [
            ["Folder", false],
            ["Inside", true],
          ],
        ],
      ],
      ["orphan", [200, [["Inside", false]]]],
    ],
  },
  uploadMode: {
    probe: uploadedTwice,
    sees: [
      ["replace", [1, ["b"]]],
      ["append", [3, ["a", "b"]]],
    ],
  },
  ingestion: {
    probe: ingested,
    sees: [
      ["works", ["done", 2]],
      ["fails", ["failed", undefined]],
      ["never", ["waiting", undefined]],
    ],
  },
  ingestionDelayMs: { probe: rowsAfterDelay, sees: [[DELAY_MS, [true, 1]]] },
  signedContentType: {
    probe: async () => [await putWith("text/csv"), await putWith("text/plain")],
    sees: [
      [null, [200, 200]],
      ["text/csv", [200, 403]],
    ],
  },
  uploadToDeletedTable: {
    probe: putToDeleted,
    sees: [
      ["noSuchKey", [404, []]],
      ["accepted", [200, []]],
    ],
  },
};

const CASES = Object.entries(TABLE).flatMap(([name, { probe, sees }]) =>
  sees.map(([value, result]) => [name, value, probe, result] as const),
);

test.each(CASES)("%s %j", async (name, value, probe, result) => {
  emulator.setBehaviour({ [name]: value });
  expect(await probe()).toEqual(result);
});

test("every value of a closed list is tried, and every default but that of the delay", () => {
  for (const [name, { accepts, default: usual }] of Object.entries<Switch<unknown>>(BEHAVIOURS)) {
    const tried = CASES.filter(([each]) => each === name).map(([, value]) => value);
    const wanted = typeof accepts === "string" ? (name === "ingestionDelayMs" ? [] : [usual]) : accepts;
    expect([name, tried]).toEqual([name, expect.arrayContaining([...wanted])]);
  }
});

test("the README's table is the code's", () => {
  const readme = readFileSync(join(__dirname, "../../emulator/README.md"), "utf8");
  const rows = readme
    .split("\n")
    .filter((line) => /^\| `\w+` \| .* \| (documented|client-only|assumed) \| /.test(line));
  const shown = (value: unknown) => `\`${JSON.stringify(value)}\``;
  expect(rows).toEqual(
    Object.entries<Switch<unknown>>(BEHAVIOURS).map(([name, { default: usual, accepts, mark, meaning }]) => {
      const values = typeof accepts === "string" ? accepts : accepts.map(shown).join(" ");
      return `| \`${name}\` | ${shown(usual)} | ${values} | ${mark} | ${meaning} |`;
    }),
  );
});
