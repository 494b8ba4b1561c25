/**
 * Loaded into an emulator process of a chaos run: ends it, as a power cut would, when the request arrives that
 * CHAOS_KILL_AT counts to. The control endpoint is not counted. SIGUSR2 calls it off. What the journal held goes to
 * CHAOS_JOURNAL: the rules ask for it.
 */
const { subscribe } = require("node:diagnostics_channel");
const { writeFileSync } = require("node:fs");
const path = require("node:path");

const killAt = Number(process.env.CHAOS_KILL_AT);
const afterMs = Number(process.env.CHAOS_KILL_AFTER_MS);
let count = 0;
let isOff = false;

process.on("SIGUSR2", () => {
  isOff = true;
});

if (killAt > 0) {
  const { Journal } = require(path.join(path.dirname(process.argv[1]), "wire/journal.js"));
  const { open } = Journal.prototype;
  let journal;
  Journal.prototype.open = function (...request) {
    journal = this;
    return open.apply(this, request);
  };
  const strike = () => {
    if (isOff) return;
    writeFileSync(process.env.CHAOS_JOURNAL, JSON.stringify(journal?.list() ?? []));
    process.kill(process.pid, "SIGKILL");
  };
  subscribe("http.server.request.start", ({ request }) => {
    if (request.url.startsWith("/_control")) return;
    count += 1;
    if (count === killAt) setTimeout(strike, afterMs);
  });
}
