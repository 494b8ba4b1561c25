import { createHash } from "node:crypto";
import { quoted } from "../message";
import type { PendingOperation, Properties, ResourceState, Snapshot } from "../model";
import { UserError } from "./user-error";

const VERSION = 3;

/** Pulumi's deployment, version 3, as it is on disk: secrets encrypted. */
export interface Deployment {
  manifest: { time: string; magic: string; version: string };
  secrets_providers?: { type: string; state?: { salt?: string } };
  resources?: ResourceState[];
  pending_operations?: PendingOperation[];
  metadata?: Properties;
}

/** Reads a state file (`{version, checkpoint: {stack, latest}}`). `file` is only named in errors. */
export function parseCheckpoint(text: string, file: string): Deployment {
  const document = parseDocument(text, file);
  const latest = isObject(document["checkpoint"]) ? document["checkpoint"]["latest"] : undefined;
  if (!isObject(document["checkpoint"])) throw damaged(file, "it has no checkpoint");
  return latest === undefined || latest === null ? emptyDeployment() : checkDeployment(latest, file);
}

/** Reads what `stack export` printed (`{version, deployment}`). */
export function parseExport(text: string, file: string): Deployment {
  return checkDeployment(parseDocument(text, file)["deployment"], file);
}

/** The text of a state file. */
export function formatCheckpoint(stackReference: string, deployment: Deployment): string {
  return `${JSON.stringify({ version: VERSION, checkpoint: { stack: stackReference, latest: deployment } }, null, 4)}\n`;
}

/** The text `stack export` prints. */
export function formatExport(deployment: Deployment): string {
  return `${JSON.stringify({ version: VERSION, deployment }, null, 4)}\n`;
}

/** Who wrote the state; Pulumi checks `magic` against `version`. */
export function manifestOf(version: string, time: Date): Deployment["manifest"] {
  return { time: time.toISOString(), magic: createHash("sha256").update(version).digest("hex"), version };
}

/** The salt of the state's passphrase secrets provider. Other providers are rejected. */
export function saltOf(deployment: Deployment, where: string): string | undefined {
  const provider = deployment.secrets_providers;
  if (!provider?.type) return undefined;
  if (provider.type !== "passphrase") {
    throw new UserError(`${where}: the secrets provider "${quoted(provider.type)}" is not supported.`, [
      "use the stack with the Pulumi CLI",
      "change it there: pulumi stack change-secrets-provider passphrase",
    ]);
  }
  return provider.state?.salt;
}

/** A state with nothing in it. */
export function emptyDeployment(): Deployment {
  return { manifest: { time: "", magic: "", version: "" }, resources: [], pending_operations: [], metadata: {} };
}

/** The plain snapshot of a deployment whose values are decoded already. */
export function snapshotOf(deployment: Deployment): Snapshot {
  return { resources: deployment.resources ?? [], pendingOperations: deployment.pending_operations ?? [] };
}

function parseDocument(text: string, file: string): { [key: string]: unknown } {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch (error) {
    throw damaged(file, `it is not complete JSON (${quoted((error as Error).message)})`);
  }
  if (!isObject(document)) throw damaged(file, "it is not a JSON object");
  if (document["version"] !== VERSION) {
    throw new UserError(
      `${file} has state version ${quoted(JSON.stringify(document["version"]) ?? "none", 20)}; only version ${VERSION} is supported.`,
    );
  }
  return document;
}

function checkDeployment(value: unknown, file: string): Deployment {
  if (!isObject(value)) throw damaged(file, "it has no deployment");
  const resources = value["resources"] ?? [];
  const pending = value["pending_operations"] ?? [];
  if (!Array.isArray(resources) || !Array.isArray(pending)) throw damaged(file, "its resources are not a list");
  for (const [index, resource] of resources.entries()) checkResource(resource, `resource ${index}`, file);
  for (const [index, operation] of pending.entries()) {
    checkResource(isObject(operation) ? operation["resource"] : undefined, `pending operation ${index}`, file);
  }
  return { ...emptyDeployment(), ...value, resources, pending_operations: pending };
}

function checkResource(value: unknown, what: string, file: string): void {
  if (!isObject(value) || typeof value["urn"] !== "string" || typeof value["type"] !== "string") {
    throw damaged(file, `${what} has no urn or no type`);
  }
}

function damaged(file: string, reason: string): UserError {
  return new UserError(`${file} is not a usable state: ${reason}. The file was not changed.`, [
    `if it exists, restore the state before the last run: ${file}.bak`,
  ]);
}

function isObject(value: unknown): value is { [key: string]: unknown } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
