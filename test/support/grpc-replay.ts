import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { propertiesFrom, structFrom } from "../../engine/hosts/wire";
import type { Properties } from "../../engine/model";
import type { PluginProcess } from "./plugin-host";

/** Calls of a recording, sent to a plugin process; and its responses in the form of the recording. */

type Fields = { [field: string]: unknown };

/** Fields of the CLI's protocol that the SDK here does not have yet; the plugin's own does not see them either. */
const NEWER = ["acceptsByteString"];

/** A message of protobuf, by what JavaScript's code for it has in common. */
type Message = { [accessor: string]: unknown };

/** @returns what the plugin said: the fields of its response that have a value, or its error. */
export async function playCall(
  plugin: PluginProcess,
  method: string,
  request: Fields,
): Promise<{ response?: Fields; error?: string }> {
  // Of another file than the rest: these two have no fields.
  if (method === "Cancel" || method === "GetPluginInfo") {
    const { Empty } = plugin.sdk.empty;
    return answer(plugin, method, new Empty());
  }
  const prefix = method === "Handshake" ? "ProviderHandshake" : method.replace(/Config$/, "");
  const constructors = plugin.sdk.provider as unknown as { [name: string]: new () => Message };
  const Request = constructors[`${prefix}Request`];
  if (Request === undefined) throw new Error(`There is no message for ${method}.`);
  const message = new Request();
  for (const [field, value] of Object.entries(request)) {
    if (NEWER.includes(field)) continue;
    const set = accessorOf(message, "set", field);
    set.call(message, isObject(value) ? structFrom(plugin.sdk, value) : value);
  }
  return answer(plugin, method, message);
}

async function answer(plugin: PluginProcess, method: string, message: unknown) {
  const name = `${method.charAt(0).toLowerCase()}${method.slice(1)}` as Parameters<typeof plugin.call>[0];
  try {
    const response = await plugin.call<Message>(name, message);
    return { response: responseFields(plugin, response) };
  } catch (error) {
    return { error: (error as Error).message };
  }
}

/** As protobuf's JSON has it: fields without a value are left out, and enumerations have names. */
function responseFields(plugin: PluginProcess, response: Message): Fields {
  const { DiffResponse } = plugin.sdk.provider;
  if (response instanceof DiffResponse) return diffFields(plugin, response);
  const getters = Object.keys(Object.getPrototypeOf(response)).filter((name) => /^get[A-Z]/.test(name));
  const entries = getters.map((getter): [string, unknown] => {
    const value = (response[getter] as () => unknown).call(response);
    return [fieldOf(getter), plainValue(value)];
  });
  return Object.fromEntries(entries.filter(([, value]) => !isDefault(value)));
}

function diffFields(plugin: PluginProcess, response: InstanceType<typeof plugin.sdk.provider.DiffResponse>): Fields {
  const { DiffResponse, PropertyDiff } = plugin.sdk.provider;
  const detailed = response.getDetaileddiffMap();
  const names = detailed.toArray().map(([name]) => name as string);
  const detailOf = (name: string) => {
    const difference = detailed.get(name);
    const kind = nameIn(PropertyDiff.Kind, difference?.getKind());
    // The first kind is protobuf's default.
    return { ...(kind !== "ADD" && { kind }), ...(difference?.getInputdiff() && { inputDiff: true }) };
  };
  const fields = {
    changes: nameIn(DiffResponse.DiffChanges, response.getChanges()),
    replaces: response.getReplacesList(),
    deleteBeforeReplace: response.getDeletebeforereplace(),
    diffs: response.getDiffsList(),
    hasDetailedDiff: response.getHasdetaileddiff(),
    ...(names.length > 0 && { detailedDiff: Object.fromEntries(names.map((name) => [name, detailOf(name)])) }),
  };
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => !isDefault(value)));
}

function plainValue(value: unknown): unknown {
  if (value instanceof Struct) return propertiesFrom(value);
  if (Array.isArray(value)) return value.map(plainValue);
  const { toObject } = (value ?? {}) as { toObject?: () => Fields };
  return toObject === undefined ? value : toObject.call(value);
}

function isDefault(value: unknown): boolean {
  if (Array.isArray(value)) return value.length === 0;
  if (isObject(value)) return false;
  return value === undefined || value === "" || value === false || value === 0;
}

/** `getSupportspreview` is `supportsPreview` in the recording: the two differ in letter case and the ending of lists. */
function fieldOf(getter: string): string {
  const name = getter.slice(3).replace(/List$/, "");
  return FIELDS.find((field) => field.toLowerCase() === name.toLowerCase()) ?? name;
}

const FIELDS = ["id", "inputs", "properties", "failures", "return", "version", "supportsPreview"];

function accessorOf(message: Message, verb: string, field: string): (value: unknown) => void {
  const wanted = [field, `${field}list`].map((name) => `${verb}${name}`.toLowerCase());
  const found = Object.keys(Object.getPrototypeOf(message)).find((name) => wanted.includes(name.toLowerCase()));
  if (found === undefined) throw new Error(`A request has no field ${field}.`);
  return message[found] as (value: unknown) => void;
}

function isObject(value: unknown): value is Properties {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function nameIn(enumeration: object, value: unknown): string | undefined {
  return Object.entries(enumeration).find(([, each]) => each === value)?.[0];
}
