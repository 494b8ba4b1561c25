import { startEmulator } from "processmind-emulator";
import { datatable } from "../../provider/lifecycle";
import { holdsRows } from "../../provider/messages/objects";
import { makeTable, upload } from "../emulator/client";

test("an expected error, as Pulumi prints it beside the resource's own message, names code and resource in one line", async () => {
  const emulator = await startEmulator({ behaviour: { datatableDelete: "works" } });
  try {
    const table = await makeTable(emulator);
    await upload(emulator, table, "a\n1\n");
    const {
      PROCESSMIND_API_URL: apiUrl,
      PROCESSMIND_API_KEY: apiKey,
      PROCESSMIND_TENANT_ID: tenantId,
    } = emulator.environment;
    const values: Record<string, string> = {
      "processmind:apiUrl": apiUrl,
      "processmind:apiKey": apiKey,
      "processmind:tenantId": tenantId,
    };
    await datatable.configure({ config: { get: (key) => values[key] } });
    const error: Error = await datatable
      .delete(table.datatableId, { tenantId, datasetId: table.datasetId, displayName: "Orders" })
      .then(
        () => new Error("deleted"),
        (reason: Error) => reason,
      );
    // What Pulumi's provider process prints to stderr for an error of check, diff, read or delete.
    expect(`${error}: ${error.stack}`).toBe(
      `DATA_WOULD_BE_LOST while deleting Datatable "Orders" (${table.datatableId}): shown in full with the resource`,
    );
    expect(error.message).toContain(`not deleted, as ${holdsRows(1)}`);
  } finally {
    await emulator.close();
  }
});
