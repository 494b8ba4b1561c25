import { quoted } from "../message";
import { type Properties, type ResourceState, SECRET, SIGNATURE, type Snapshot, type Value } from "../model";
import { withoutSecrets } from "../values";
import type { Deployment } from "./checkpoint";
import type { Crypter } from "./passphrase";
import { UserError } from "./user-error";

interface Sealed {
  plaintext: string;
  ciphertext: string;
}

/**
 * Between a deployment on disk (secrets as `{…, ciphertext}`, holding the value's JSON text) and a snapshot in
 * memory (secrets as `{…, value}`). It remembers where each ciphertext was, so that a secret that did not change
 * is written back with the same text and the file's history stays readable.
 */
export class SnapshotCodec {
  readonly #crypter: Crypter;
  readonly #sealed = new Map<string, Sealed>();

  constructor(crypter: Crypter) {
    this.#crypter = crypter;
  }

  /** Decrypts; needs a deployment that {@link parseCheckpoint} or {@link parseExport} has checked. */
  decode(deployment: Deployment): Snapshot {
    const unseal = (value: Value, place: string) => mapSecrets(value, place, (secret, at) => this.#open(secret, at));
    return {
      resources: (deployment.resources ?? []).map((resource) => mapResource(resource, "", unseal)),
      pendingOperations: (deployment.pending_operations ?? []).map((operation) => ({
        ...operation,
        resource: mapResource(operation.resource, operation.type, unseal),
      })),
    };
  }

  /** The `resources` and `pending_operations` to write. */
  encode(snapshot: Snapshot): Required<Pick<Deployment, "resources" | "pending_operations">> {
    const seal = (value: Value, place: string) => mapSecrets(value, place, (secret, at) => this.#seal(secret, at));
    return {
      resources: snapshot.resources.map((resource) => mapResource(resource, "", seal)),
      pending_operations: snapshot.pendingOperations.map((operation) => ({
        ...operation,
        resource: mapResource(operation.resource, operation.type, seal),
      })),
    };
  }

  #open(secret: SecretObject, place: string): Value {
    const { ciphertext, plaintext } = secret;
    if (typeof plaintext === "string") return wrap(parseSecret(plaintext, place));
    if (typeof ciphertext !== "string")
      throw new UserError(`the secret at ${shortPlace(place)} has neither ciphertext nor plaintext.`);
    let text: string;
    try {
      text = this.#crypter.decrypt(ciphertext);
    } catch (error) {
      throw new UserError(
        `the secret at ${shortPlace(place)} cannot be decrypted: ${quoted((error as Error).message)}`,
      );
    }
    this.#sealed.set(place, { plaintext: text, ciphertext });
    return wrap(parseSecret(text, place));
  }

  #seal(secret: SecretObject, place: string): Value {
    const plaintext = JSON.stringify(withoutSecrets(secret["value"] ?? null));
    let sealed = this.#sealed.get(place);
    if (sealed?.plaintext !== plaintext) {
      sealed = { plaintext, ciphertext: this.#crypter.encrypt(plaintext) };
      this.#sealed.set(place, sealed);
    }
    return { [SIGNATURE]: SECRET, ciphertext: sealed.ciphertext };
  }
}

type SecretObject = { [key: string]: Value };

/** Whether reading this deployment's values takes the passphrase. */
export function hasCiphertext(deployment: Deployment): boolean {
  let found = false;
  const look = (value: Value, place: string) =>
    mapSecrets(value, place, (secret) => {
      found ||= "ciphertext" in secret;
      return secret;
    });
  for (const resource of deployment.resources ?? []) mapResource(resource, "", look);
  for (const operation of deployment.pending_operations ?? []) mapResource(operation.resource, "", look);
  return found;
}

/** The deployment with every secret as `{…, plaintext}`, the form of Pulumi's `stack export --show-secrets`. */
export function withPlaintext(snapshot: Snapshot): Required<Pick<Deployment, "resources" | "pending_operations">> {
  const show = (value: Value, place: string) =>
    mapSecrets(value, place, (secret) => ({
      [SIGNATURE]: SECRET,
      plaintext: JSON.stringify(withoutSecrets(secret["value"] ?? null)),
    }));
  return {
    resources: snapshot.resources.map((resource) => mapResource(resource, "", show)),
    pending_operations: snapshot.pendingOperations.map((operation) => ({
      ...operation,
      resource: mapResource(operation.resource, "", show),
    })),
  };
}

function mapResource(
  resource: ResourceState,
  prefix: string,
  map: (value: Value, place: string) => Value,
): ResourceState {
  const place = `${prefix}${resource.urn} ${resource.id ?? ""}`;
  const mapped = inOrder(resource);
  for (const bag of ["inputs", "outputs"] as const) {
    const properties = resource[bag] ?? {};
    // Pulumi leaves out what is empty.
    if (Object.keys(properties).length === 0) delete mapped[bag];
    else mapped[bag] = map(properties, `${place} ${bag}`) as Properties;
  }
  return mapped;
}

/** Pulumi's order: two states that say the same are the same text, whichever step wrote an entry. */
const FIELDS: readonly (keyof ResourceState)[] = [
  "urn",
  "custom",
  "delete",
  "id",
  "type",
  "inputs",
  "outputs",
  "parent",
  "protect",
  "external",
  "dependencies",
  "initErrors",
  "provider",
  "propertyDependencies",
  "pendingReplacement",
  "additionalSecretOutputs",
  "aliases",
  "retainOnDelete",
  "deletedWith",
  "created",
  "modified",
  "sourcePosition",
  "ignoreChanges",
  "replaceOnChanges",
  "hideDiff",
];

function inOrder(resource: ResourceState): ResourceState {
  const known = FIELDS.filter((field) => field in resource).map((field) => [field, resource[field]]);
  return { ...Object.fromEntries(known), ...resource };
}

function mapSecrets(value: Value, place: string, map: (secret: SecretObject, place: string) => Value): Value {
  if (Array.isArray(value)) return value.map((item, index) => mapSecrets(item, `${place}[${index}]`, map));
  if (value === null || typeof value !== "object") return value;
  if (value[SIGNATURE] === SECRET) return map(value, place);
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, mapSecrets(item, `${place}.${key}`, map)]),
  );
}

function wrap(value: Value): Value {
  return { [SIGNATURE]: SECRET, value };
}

/** Without the stack, the project and the types of the URN that the place begins with. */
function shortPlace(place: string): string {
  return place.slice(place.lastIndexOf("::") + 2);
}

function parseSecret(text: string, place: string): Value {
  try {
    return JSON.parse(text) as Value;
  } catch {
    throw new UserError(`the secret at ${shortPlace(place)} does not hold JSON.`);
  }
}
