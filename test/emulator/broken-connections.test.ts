import { startEmulator } from "processmind-emulator";
import { api } from "./client";

test("closing while a request's body is taken slowly ends that request, and nothing else", async () => {
  const emulator = await startEmulator();
  emulator.addFault({ kind: "slow-read", pauseMs: 60_000 });
  const refused = expect(api(emulator, "POST", "/datasets", { displayName: "Sales" })).rejects.toThrow();
  while (emulator.journal().length === 0) await new Promise((resolve) => setImmediate(resolve));
  await emulator.close();
  await refused;
});

test("a reset after the last byte of a body reaches the client", async () => {
  const emulator = await startEmulator();
  emulator.addFault({ kind: "reset-after-bytes", bytes: 1 });
  await expect(api(emulator, "POST", "/datasets", { displayName: "Sales" })).rejects.toThrow();
  expect(emulator.journal()).toMatchObject([{ ending: "reset", committed: false }]);
  await emulator.close();
});
