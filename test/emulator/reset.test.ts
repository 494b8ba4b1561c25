import { buffer } from "node:stream/consumers";
import { defaultBehaviour } from "../../emulator/domain/behaviour";
import { Runtime } from "../../emulator/runtime";
import { MemoryStore } from "../../emulator/store/memory-store";

/** Calls back before it does what it is asked. */
class WatchedStore extends MemoryStore {
  before = async (): Promise<void> => undefined;

  override async listObjects() {
    await this.before();
    return super.listObjects();
  }

  override async writeState(state: unknown) {
    await this.before();
    return super.writeState(state);
  }
}

const CSV = "a\n1\n";
const found = { sizeBytes: CSV.length, sha256: "", md5: "", contentType: null };

/** Stores a file in a table of its own; tells of it as soon as it is in the store, since the save comes later. */
async function upload(runtime: Runtime): Promise<{ uploadId: string; saved: Promise<boolean> }> {
  const datasetId = String(runtime.tenant.createDataset({ displayName: "Sales" })["id"]);
  const tableId = String(runtime.tenant.createDatatable(datasetId, { displayName: "Orders" })["id"]);
  const query = { datasetid: datasetId, filename: "orders.csv", filesize: String(CSV.length), filelastmodified: "0" };
  const { id } = runtime.tenant.requestUpload(tableId, new URLSearchParams(query));
  const writer = await runtime.createObject();
  await writer.write(Buffer.from(CSV));
  const saved = runtime.storeObject(id, writer, found);
  await new Promise(setImmediate);
  return { uploadId: id, saved };
}

test("a reset deletes what the old tenant had, and not what the new one was given meanwhile", async () => {
  const store = new WatchedStore();
  const options = { store, where: "memory", apiKey: "key", tenantId: "tenant", behaviour: defaultBehaviour() };
  const more = { maxObjectBytes: 100, discardObjects: false, storageHost: () => "localhost" };
  const runtime = await Runtime.open({ ...options, ...more });
  await (await upload(runtime)).saved;
  const [old] = [...(await store.listObjects()).keys()];
  let meanwhile: ReturnType<typeof upload> | undefined;
  store.before = async () => {
    meanwhile ??= upload(runtime);
    await meanwhile;
  };
  await runtime.reset();
  const given = await meanwhile;
  expect(await given?.saved).toBe(true);
  expect(String(await buffer(runtime.readUpload(given?.uploadId ?? "")))).toBe(CSV);
  expect([...(await store.listObjects()).keys()]).not.toContain(old);
  await runtime.close();
});
