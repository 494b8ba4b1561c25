import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { startEmulator } from "processmind-emulator";
import { onceFree } from "../support/once-free";

test("a port that another has for a moment is waited for; what else goes wrong is told at once", async () => {
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
