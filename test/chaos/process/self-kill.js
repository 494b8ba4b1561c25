/**
 * Loaded into an emulator process of a chaos run: ends it, as a power cut would, when the request arrives that
 * CHAOS_KILL_AT counts to. The control endpoint is not counted. SIGUSR2 calls it off.
 */
const { subscribe } = require("node:diagnostics_channel");

const killAt = Number(process.env.CHAOS_KILL_AT);
const afterMs = Number(process.env.CHAOS_KILL_AFTER_MS);
let count = 0;
let isOff = false;

process.on("SIGUSR2", () => {
  isOff = true;
});

if (killAt > 0) {
  subscribe("http.server.request.start", ({ request }) => {
    if (request.url.startsWith("/_control")) return;
    count += 1;
    if (count === killAt) setTimeout(() => isOff || process.kill(process.pid, "SIGKILL"), afterMs);
  });
}
