import { EmulatorError } from "../domain/errors";
import type { TenantState } from "../domain/model";

type Shape = { readonly [field: string]: string };

const SHAPES: { readonly [list: string]: Shape } = {
  datasets: { id: "string", displayName: "string", treeNodeType: "string", createdAt: "string" },
  datatables: { id: "string", datasetId: "string", displayName: "string", createdAt: "string" },
  uploads: { id: "string", datatableId: "string", key: "string", fileName: "string", expiresAt: "string" },
};

/** `where` is the state's file or folder, `what` reads "it …". */
export function unusableState(where: string, what: string): EmulatorError {
  return new EmulatorError(`cannot use the emulator's state in ${where}: ${what}. The folder was left as it is.`, [
    "restore state.json from a copy",
    "start with an empty tenant: choose another folder with --data-dir",
  ]);
}

/**
 * Accepts a state that was read back, or rejects it: a damaged one must never be taken for an empty tenant.
 * @throws EmulatorError naming what is wrong; nothing was changed
 */
export function checkState(
  state: unknown,
  objects: Map<string, number>,
  where: string,
  tenantId?: string,
): TenantState {
  const fail = (what: string): never => {
    throw unusableState(where, what);
  };
  if (!isRecord(state) || state["version"] !== 1) return fail("it is not a state of version 1");
  if (!isRecord(state["tenant"]) || typeof state["tenant"]["id"] !== "string") return fail("it names no tenant");
  if (typeof state["signingSecret"] !== "string") return fail("it has no signingSecret");
  if (tenantId !== undefined && tenantId !== state["tenant"]["id"]) {
    return fail(`it belongs to tenant ${state["tenant"]["id"]}, not ${tenantId}`);
  }
  for (const [list, shape] of Object.entries(SHAPES)) {
    const entries = state[list];
    if (!Array.isArray(entries)) return fail(`${list} is not a list`);
    entries.forEach((entry: unknown, i) => {
      const wrong = Object.entries(shape).find(([field, type]) => !isRecord(entry) || typeof entry[field] !== type);
      if (wrong) fail(`${list}[${i}].${wrong[0]} is not a ${wrong[1]}`);
    });
  }
  const checked = state as unknown as TenantState; // Every field that is followed has been looked at.
  for (const [i, { key, object }] of checked.uploads.entries()) {
    if (object !== undefined && !isRecord(object)) fail(`uploads[${i}].object is not an object`);
    if (object?.kept && objects.get(object.objectId) !== object.sizeBytes) {
      fail(`the bytes of ${key} are missing or not ${object.sizeBytes} bytes long`);
    }
  }
  return checked;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
