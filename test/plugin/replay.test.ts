import { type Emulator, startEmulator } from "../../emulator";
import { recorded } from "../support/cli-recording";
import { Bindings, type RecordedCall } from "../support/grpc-recording";
import { playCall } from "../support/grpc-replay";
import { type PluginProcess, startPlugin } from "../support/plugin-host";
import { newTestKey } from "../support/secret-scan";
import { type RecordedRun, replayedFiles } from "./replayed";

/** A stack's life as Pulumi's CLI had it: the plugin answers its engine's calls as it did then. */

const runs = recorded("plugin-calls").printed["runs"] as RecordedRun[];

let emulator: Emulator;
const bindings = new Bindings();

beforeAll(async () => {
  emulator = await startEmulator({ apiKey: newTestKey() });
});
afterAll(() => emulator.close());

test("the recording has every call of the engine's that concerns resources, and nothing of a machine", () => {
  const methods = new Set(runs.flatMap(({ calls }) => calls.map(({ method }) => method)));
  const all = [
    "Handshake",
    "CheckConfig",
    "Configure",
    "Check",
    "Diff",
    "Create",
    "Read",
    "Update",
    "Delete",
    "Invoke",
  ];
  expect(all.filter((method) => !methods.has(method))).toEqual([]);
  const text = JSON.stringify(runs);
  expect(text.match(/127\.0\.0\.1|\/tmp\/|\/home\/|pm-test-key|X-Amz/g)).toBeNull();
});

// One after the other: each run finds what the runs before it left.
test.each(runs)("answers as recorded in the run $name", async ({ name, calls }) => {
  const plugin = await startPlugin({ env: emulator.environment, files: replayedFiles(name) });
  try {
    for (const call of calls) await expectAnswer(plugin, call);
  } finally {
    await plugin.close();
  }
  expect(calls.length).toBeGreaterThan(0);
});

async function expectAnswer(plugin: PluginProcess, call: RecordedCall): Promise<void> {
  const { method, response = null, error = null } = call;
  const found = await playCall(plugin, method, bindings.fill(call.request));
  bindings.learn({ response, error }, found);
  const wanted = { method, response: comparable(bindings.fill(response)), isRejected: error !== null };
  const isRejected = found.error !== undefined;
  expect({ method, response: comparable(found.response ?? null), isRejected }).toEqual(wanted);
}

/** Without the wording of messages, which the tests of the lifecycles hold, and without the version of the package. */
function comparable(response: Exclude<RecordedCall["response"], undefined> | null): object | null {
  if (response === null) return null;
  const { version, ...rest } = response;
  const failures = rest["failures"] as { property?: string }[] | undefined;
  if (failures === undefined) return rest;
  return { ...rest, failures: failures.map(({ property = "" }) => property) };
}
