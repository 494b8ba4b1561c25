import { type Emulator, startEmulator } from "processmind-emulator";
import { InitError, type Properties } from "../../engine/model";
import { type DynamicHost, type DynamicHostOptions, startDynamicHost } from "../support/dynamic-host";

/**
 * One provider process and one emulator for a whole test file, the emulator empty before each test. Whatever the
 * process answers, throws or prints is looked through for secrets after each test.
 */

export const API_KEY = "lifecycle-test-key-7f3a";
export const TENANT = "0b5a3c1e-6f0d-4c7e-9a52-1f2e3d4c5b6a";
/** When the objects a test finds in ProcessMind were made. */
export const CREATED_AT = "2026-01-02T03:04:05.000Z";
/** What Pulumi sends in the place of a value it does not know yet. */
export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
export const ISO_TIME: string = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);

export interface Scene {
  readonly emulator: Emulator;
  readonly host: DynamicHost;
  /** The requests since the last reset, as "METHOD route", oldest first. */
  requests(): string[];
  /** The warnings sent to the engine since the test began. What the process prints comes at its own time. */
  warnings(): string[];
}

/** Registers what starts, resets and ends the scene; its members are there once the tests run. */
export function openScene(files: { [name: string]: string } = {}, start: StartHost = startHost): Scene {
  let emulator: Emulator | undefined;
  let host: DynamicHost | undefined;
  const transcript: string[] = [];
  beforeAll(async () => {
    emulator = await startEmulator({ apiKey: API_KEY, tenantId: TENANT });
    host = recorded(
      await start({ "processmind:apiKey": API_KEY, "processmind:apiUrl": emulator.apiUrl }, files),
      transcript,
    );
  });
  beforeEach(async () => {
    await emulator?.reset();
    transcript.push(JSON.stringify(host?.logs.splice(0)));
  });
  afterEach(() => {
    transcript.push(JSON.stringify(host?.logs));
    expectNoSecrets(transcript.splice(0));
  });
  afterAll(async () => {
    await host?.close();
    await emulator?.close();
    expectNoSecrets([JSON.stringify(host?.logs)]);
  });
  const started = <T>(value: T | undefined): T => {
    if (value === undefined) throw new Error("The scene is there only while tests run.");
    return value;
  };
  return {
    get emulator() {
      return started(emulator);
    },
    get host() {
      return started(host);
    },
    requests: () =>
      started(emulator)
        .journal()
        .map(({ method, route }) => `${method} ${route}`),
    warnings: () =>
      started(host)
        .logs.filter(({ severity }) => severity === "warning")
        .map(({ message }) => message),
  };
}

/** Starts a host of the lifecycles. */
export type StartHost = (
  config: DynamicHostOptions["config"],
  files?: DynamicHostOptions["files"],
) => Promise<DynamicHost>;

/** A host that gets its settings from `config` alone, whatever this machine's environment says. */
export function startedWith(start: (options: DynamicHostOptions) => Promise<DynamicHost>): StartHost {
  const env = { PROCESSMIND_API_KEY: undefined, PROCESSMIND_API_URL: undefined, PROCESSMIND_TENANT_ID: undefined };
  return (config, files) => start({ config, env, files });
}

/** The same for Pulumi's dynamic provider process. */
export const startHost: StartHost = startedWith(startDynamicHost);

/** An error as Pulumi's engine gets it: the text, and for a half-made object what goes into the state. */
export interface Failure {
  error: string;
  id?: string;
  outputs?: Properties;
  reasons?: string[];
}

/** What a call came to: its result, or the error as a value, so that both can be compared whole. */
export async function outcome<T>(call: Promise<T>): Promise<T | Failure> {
  try {
    return await call;
  } catch (error) {
    if (error instanceof InitError) {
      return { error: error.message, id: error.id, outputs: error.outputs, reasons: error.reasons };
    }
    return { error: (error as Error).message };
  }
}

function expectNoSecrets(texts: string[]): void {
  for (const text of texts) expect(text).not.toMatch(SECRETS);
}

const SECRETS = new RegExp([API_KEY, "X-Amz-Signature", "X-Amz-Credential", "X-Amz-Security-Token"].join("|"), "i");

/** The same host, which adds every answer and every error to `transcript`. */
function recorded(host: DynamicHost, transcript: string[]): DynamicHost {
  const recording =
    <A extends unknown[], T>(call: (...args: A) => Promise<T>) =>
    async (...args: A): Promise<T> => {
      try {
        const result = await call(...args);
        transcript.push(JSON.stringify(result) ?? "");
        return result;
      } catch (error) {
        const { message, stack } = error as Error;
        transcript.push(`${message} ${stack} ${JSON.stringify(error)}`);
        throw error;
      }
    };
  return {
    ...host,
    check: recording(host.check),
    diff: recording(host.diff),
    create: recording(host.create),
    read: recording(host.read),
    update: recording(host.update),
    delete: recording(host.delete),
  };
}
