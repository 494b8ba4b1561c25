import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { resolve } from "node:path";
import { buffer } from "node:stream/consumers";
import { quoted } from "../engine/message";
import { type Behaviour, changedBehaviour, defaultBehaviour } from "./domain/behaviour";
import { EmulatorError } from "./domain/errors";
import type { TenantState, Upload } from "./domain/model";
import { Runtime } from "./runtime";
import { FolderStore } from "./store/folder-store";
import { MemoryStore } from "./store/memory-store";
import { createApiServer } from "./wire/api-server";
import { CONTROL_PREFIX } from "./wire/control";
import type { Fault } from "./wire/faults";
import type { JournalEntry } from "./wire/journal";
import { createStorageServer, MAX_PUT_BYTES } from "./wire/storage-server";

/** How to start an emulator; everything has a default. */
export interface EmulatorOptions {
  /** Port of the API. Default 0: any free one. */
  port?: number;
  /** Port of the storage. Default 0: any free one. */
  storagePort?: number;
  /** Address both listen on. Default `127.0.0.1`. */
  host?: string;
  /** Folder that outlives the process. Default none: all is in memory and lost on `close`. */
  dataDir?: string;
  /** The one key that is accepted. Default {@link DEFAULT_API_KEY}. */
  apiKey?: string;
  /** The one tenant. Default: the data folder's, or a new UUID. */
  tenantId?: string;
  /** Switches that differ from their default; `reset` comes back to these. */
  behaviour?: Partial<Behaviour>;
  /** The largest PUT. Default 5 GiB, as S3 has it. */
  maxObjectBytes?: number;
  /** Hash and count uploads, keep no bytes and parse nothing: for big files and little disk. Default false. */
  discardObjects?: boolean;
}

/** A running emulator. */
export interface Emulator {
  readonly apiUrl: string;
  readonly storageUrl: string;
  readonly controlUrl: string;
  readonly tenantId: string;
  readonly apiKey: string;
  /** What the provider reads from its environment to talk to this emulator. */
  readonly environment: Readonly<
    Record<"PROCESSMIND_API_URL" | "PROCESSMIND_API_KEY" | "PROCESSMIND_TENANT_ID", string>
  >;
  /** All requests to the API and the storage so far, oldest first: a copy. */
  journal(): JournalEntry[];
  /** Forgets all requests so far. */
  clearJournal(): void;
  /** Adds a fault after those there are; the first that is due for a request acts. */
  addFault(fault: Fault): void;
  /** Replaces all faults. */
  setFaults(faults: Fault[]): void;
  /** All switches as they stand: a copy. */
  behaviour(): Behaviour;
  /** Changes the given switches and leaves the others. */
  setBehaviour(changes: Partial<Behaviour>): void;
  /** A copy of everything the server holds. */
  state(): TenantState;
  /** Changes what the server holds behind the API's back, as a person in the web application does. */
  change(edit: (state: TenantState) => void): Promise<void>;
  /** The uploads of one datatable, or all: presigned URLs given out, and what was put there. */
  uploads(datatableId?: string): Upload[];
  /** The bytes behind an upload or a key. */
  objectBytes(idOrKey: string): Promise<Buffer>;
  /** Resolves when every stored upload has been ingested, or failed to be. */
  settled(): Promise<void>;
  /** Moves the emulator's clock, to see URLs expire. */
  advanceClock(seconds: number): void;
  /** Expires every presigned URL given out so far. */
  expireUrls(): Promise<void>;
  /** Back to an empty tenant, without faults and journal, with the behaviour it was started with. */
  reset(): Promise<void>;
  /** Drops open connections and frees ports, timers and the data folder. */
  close(): Promise<void>;
}

/** The key of an emulator that was given none. */
export const DEFAULT_API_KEY = "emulator-api-key";
const LOOPBACK = "127.0.0.1";
const IDLE_CONNECTION_MS = 60_000;

/**
 * Starts an emulator and resolves when both ports accept connections.
 * @throws EmulatorError when an option or the data folder cannot be used
 */
export async function startEmulator(options: EmulatorOptions = {}): Promise<Emulator> {
  const { host = LOOPBACK, port = 0, storagePort = 0, apiKey = DEFAULT_API_KEY, dataDir } = options;
  if (apiKey === "") throw new EmulatorError("The API key must not be empty.");
  // Node would listen on every address.
  if (host === "") throw new EmulatorError("The host must not be empty.", ["listen on every address: 0.0.0.0 or ::"]);
  const behaviour = changedBehaviour(defaultBehaviour(), options.behaviour ?? {});
  const servers: Server[] = [];
  const store = dataDir === undefined ? new MemoryStore() : await FolderStore.open(resolve(dataDir));
  try {
    const runtime = await Runtime.open({
      store,
      where: dataDir === undefined ? "memory" : resolve(dataDir),
      apiKey,
      tenantId: options.tenantId,
      behaviour,
      maxObjectBytes: options.maxObjectBytes ?? MAX_PUT_BYTES,
      discardObjects: options.discardObjects ?? false,
      storageHost: (clientsHost) => authority(reachable(host, clientsHost), portOf(servers[1])),
    });
    servers.push(createApiServer(runtime), createStorageServer(runtime));
    await listen(servers[0], port, host, "--port");
    await listen(servers[1], storagePort, host, "--storage-port");
    return handleOf(runtime, servers, host);
  } catch (error) {
    for (const server of servers) server.close();
    await store.close();
    throw error;
  }
}

function handleOf(runtime: Runtime, servers: Server[], host: string): Emulator {
  const [apiUrl, storageUrl] = servers.map((server) => `http://${authority(reachable(host), portOf(server))}`);
  const tenantId = runtime.tenant.state.tenant.id;
  const uploads = () => structuredClone(runtime.tenant.state.uploads);
  const environment = {
    PROCESSMIND_API_URL: apiUrl ?? "",
    PROCESSMIND_API_KEY: runtime.apiKey,
    PROCESSMIND_TENANT_ID: tenantId,
  };
  return {
    apiUrl: apiUrl ?? "",
    storageUrl: storageUrl ?? "",
    controlUrl: `${apiUrl}${CONTROL_PREFIX}`,
    tenantId,
    apiKey: runtime.apiKey,
    environment,
    journal: () => runtime.journal.list(),
    clearJournal: () => runtime.journal.clear(),
    addFault: (fault) => runtime.faults.add(fault),
    setFaults: (faults) => runtime.faults.replace(faults),
    behaviour: () => structuredClone(runtime.behaviour),
    setBehaviour: (changes) => runtime.setBehaviour(changes),
    state: () => structuredClone(runtime.tenant.state),
    change: (edit) => runtime.change(edit),
    uploads: (datatableId) => uploads().filter((each) => !datatableId || each.datatableId === datatableId),
    objectBytes: (idOrKey) => buffer(runtime.readUpload(idOrKey)),
    settled: () => runtime.settled(),
    advanceClock: (seconds) => runtime.advanceClock(seconds),
    expireUrls: () => runtime.expireUrls(),
    reset: () => runtime.reset(),
    close: () => close(runtime, servers),
  };
}

async function listen(server: Server | undefined, port: number, host: string, option: string): Promise<void> {
  if (!server) return;
  // Large uploads over slow lines outlast Node's default limit of five minutes for a whole request.
  server.requestTimeout = 0;
  server.keepAliveTimeout = IDLE_CONNECTION_MS;
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => {
      const isTaken = error.code === "EADDRINUSE";
      const reason = isTaken ? "the port is in use" : quoted(error.message);
      const options = isTaken ? [`take another port, or 0 for a free one: ${option} 0`] : [];
      reject(new EmulatorError(`cannot listen on ${authority(host, port)}: ${reason}.`, options, error));
    });
    server.listen(port, host, resolve);
  });
}

async function close(runtime: Runtime, servers: Server[]): Promise<void> {
  if (runtime.closing.signal.aborted) return;
  runtime.closing.abort();
  const closed = servers.map((server) => new Promise((resolve) => server.close(resolve)));
  for (const server of servers) server.closeAllConnections();
  await Promise.all(closed);
  await runtime.close();
}

/** A name clients can use: one that listens everywhere is reached under the name the client used for the API. */
function reachable(host: string, clientsHost?: string): string {
  if (host !== "0.0.0.0" && host !== "::") return host;
  const address = `http://${clientsHost}`;
  return clientsHost && URL.canParse(address) ? new URL(address).hostname.replace(/^\[|\]$/g, "") : LOOPBACK;
}

function authority(host: string, port: number): string {
  return host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
}

function portOf(server: Server | undefined): number {
  return (server?.address() as AddressInfo | null)?.port ?? 0;
}
