import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { startEmulator } from "processmind-emulator";
import { onceFree } from "../support/once-free";

test("waits for a port that another process has for a moment, and throws every other error immediately", async () => {
  const other = createServer().listen(0, "127.0.0.1");
  await once(other, "listening");
  const { port } = other.address() as AddressInfo;
  let tries = 0;
  const emulator = await onceFree(async () => {
    tries += 1;
    if (tries === 2) other.close();
    return startEmulator({ port });
  });
  expect([tries, new URL(emulator.apiUrl).port]).toEqual([2, String(port)]);
  await emulator.close();
  const start = jest.fn(() => startEmulator({ port, apiKey: "" }));
  await expect(onceFree(start)).rejects.toThrow("must not be empty");
  expect(start).toHaveBeenCalledTimes(1);
});
