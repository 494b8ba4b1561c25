import type { Fault } from "../../emulator/wire/faults";
import type { Properties } from "../../engine/model";
import { reading, readingNamed } from "../../provider/messages/doing";
import { noTenant } from "../../provider/messages/program";
import { notConfirmedDeleted } from "../../provider/messages/requests";
import { putDataset, putTable } from "./furniture";
import { openScene, outcome, TENANT } from "./scene";

/** An object whose GET returns 404: deleted when the list agrees, and in no other case. */

const scene = openScene();

const UPLOAD = { datatableId: "table-1", datasetId: "set-1", tenantId: TENANT, source: "o.csv", fileName: "o.csv" };
const put = {
  dataset: () => putDataset(scene, { id: "set-1" }),
  datatable: () => putTable(scene, { id: "table-1" }),
  datatableUpload: async () => ({ ...(await putTable(scene, { id: "table-1" })), ...UPLOAD }),
};

type Resource = keyof typeof put;
const CALLS: [Resource, "read" | "delete", id: string, doing: string, kind: string][] = [
  ["dataset", "read", "set-1", readingNamed("Dataset", "Sales", "set-1"), "dataset"],
  ["dataset", "delete", "set-1", readingNamed("Dataset", "Sales", "set-1"), "dataset"],
  ["datatable", "read", "table-1", readingNamed("Datatable", "Orders", "table-1"), "datatable"],
  ["datatable", "delete", "table-1", readingNamed("Datatable", "Orders", "table-1"), "datatable"],
  ["datatableUpload", "read", "table-1", reading("Datatable", "table-1"), "datatable"],
];

const call = (resource: Resource, method: "read" | "delete", id: string, state: Properties) =>
  outcome<unknown>(scene.host[method](resource, id, state));
const missing = (route: string): Fault => ({ kind: "reply", status: 404, match: { route } });
const count = () => scene.emulator.state().datasets.length + scene.emulator.state().datatables.length;

describe.each(CALLS)("%s.%s", (...[resource, method, id, doing, kind]) => {
  const looked = [`GET ${kind}s.get`, `GET ${kind}s.list`];

  test("is deleted when no list has it", async () => {
    const state = await put[resource]();
    await scene.emulator.reset();
    expect(await call(resource, method, id, state)).toEqual(method === "read" ? { id: "", outputs: {} } : undefined);
    expect(scene.requests()).toEqual(looked);
  });

  test("in the list: an error, and nothing is done", async () => {
    const state = await put[resource]();
    scene.emulator.setFaults([missing(`${kind}s.get`)]);
    expect(await call(resource, method, id, state)).toEqual({
      error: notConfirmedDeleted(doing, "has it").message,
    });
    expect([scene.requests(), count()]).toEqual([looked, 1]);
  });

  test("in the list with its id in another case: an error, and nothing is done", async () => {
    const state = await put[resource]();
    await scene.emulator.change(({ datasets, datatables }) => {
      for (const object of [...datasets, ...datatables]) object.id = object.id.toUpperCase();
    });
    expect(await call(resource, method, id, state)).toEqual({
      error: notConfirmedDeleted(doing, "has it").message,
    });
    expect([scene.requests(), count()]).toEqual([looked, 1]);
  });

  test("404 for the list too, as with a wrong tenant or address: an error, and nothing is done", async () => {
    const state = await put[resource]();
    scene.emulator.setFaults([missing(`${kind}s.get`), missing(`${kind}s.list`)]);
    expect(await call(resource, method, id, state)).toEqual({
      error: notConfirmedDeleted(doing, "is missing too").message,
    });
    expect([scene.requests(), count()]).toEqual([looked, 1]);
  });

  test("a list the key may not read: an error that names the object, and nothing is done", async () => {
    const state = await put[resource]();
    scene.emulator.setFaults([
      missing(`${kind}s.get`),
      { kind: "reply", status: 403, match: { route: `${kind}s.list` } },
    ]);
    expect(await call(resource, method, id, state)).toEqual({
      error: expect.stringMatching(/list cannot be read \(FORBIDDEN\)\.\n {2}cause: listing the /),
    });
    expect([scene.requests(), count()]).toEqual([looked, 1]);
  });
});

test.each<["dataset" | "datatable", string, string]>([
  ["dataset", "set-1", readingNamed("Dataset", "Sales", "set-1")],
  ["datatable", "table-1", readingNamed("Datatable", "Orders", "table-1")],
])("%s.delete while its route is lost for a moment: an error, and it stays known", async (resource, id, doing) => {
  const state = await put[resource]();
  const kind = `${resource}s`;
  scene.emulator.setFaults([missing(`${kind}.delete`), { ...missing(`${kind}.get`), after: 1 }]);
  expect(await call(resource, "delete", id, state)).toEqual({
    error: notConfirmedDeleted(doing, "has it").message,
  });
  const requests = [`GET ${kind}.get`, `DELETE ${kind}.delete`, `GET ${kind}.get`, `GET ${kind}.list`];
  expect([scene.requests(), count()]).toEqual([requests, 1]);
});

test.each(["dataset", "datatable"] as const)(
  "%s.delete without a tenant in its state sends nothing",
  async (resource) => {
    const { tenantId: _, ...state } = await put[resource]();
    expect(await call(resource, "delete", "set-1", state)).toEqual({
      error: noTenant().message,
    });
    expect([scene.requests(), count()]).toEqual([[], 1]);
  },
);
