/**
 * What `npm start` runs: takes a copy of examples/quickstart through its whole life, against an emulator of
 * ProcessMind in this process, and checks every stage.
 */
import { randomUUID } from "node:crypto";
import { constants } from "node:os";
import { resolve } from "node:path";
import { type Emulator, startEmulator } from "processmind-emulator";
import { Commands, Interrupted } from "./start/commands";
import { chooseEngine, type Engine } from "./start/engine";
import { quickstartStages } from "./start/stages";
import { Difference, tour } from "./start/tour";
import { WorkFolder } from "./start/work-folder";

const REPOSITORY = resolve(__dirname, "..");
const PARENT_CHECK_MS = 250;

const show = (text: string) => void process.stdout.write(text);

async function main(): Promise<void> {
  const began = performance.now();
  const commands = new Commands(show);
  endEarly(() => commands.interrupt());
  const folder = new WorkFolder(REPOSITORY, "quickstart");
  process.on("exit", () => folder.remove());
  const emulator = await startEmulator({ apiKey: randomUUID() });
  try {
    const engine = chooseEngine(folder.path);
    const surroundings = { cwd: folder.path, env: environment(engine, emulator) };
    show(introduction(engine, emulator));
    const rows = folder.read("data/orders.csv").trimEnd().split("\n").length - 1;
    await tour({ engine, emulator, folder, commands, surroundings, show }, quickstartStages(rows));
    show(conclusion(engine, (performance.now() - began) / 1000));
  } finally {
    await emulator.close();
  }
}

/** Nothing of the user's own Pulumi or ProcessMind setting reaches the engine. */
function environment(engine: Engine, emulator: Emulator): NodeJS.ProcessEnv {
  const inherited = Object.entries(process.env).filter(
    ([name]) => name === "PULUMI_HOME" || !/^(PULUMI|PROCESSMIND)_/.test(name),
  );
  return {
    ...Object.fromEntries(inherited),
    ...emulator.environment,
    // The example's types are checked by the tests; for each run to do so again takes longer than the run.
    PULUMI_NODEJS_TRANSPILE_ONLY: "true",
    PULUMI_CONFIG_PASSPHRASE: "quickstart",
    ...engine.env,
  };
}

/** Ends in good order on Ctrl-C and its like, and when npm or the reader of the output has ended. */
function endEarly(interrupt: () => void): void {
  let asked = false;
  const end = (exitCode: number) => {
    if (asked) return;
    asked = true;
    process.exitCode = exitCode;
    interrupt();
  };
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(signal, () => {
      if (asked) process.exit();
      end(128 + constants.signals[signal]);
    });
  }
  process.stdout.on("error", () => end(1));
  const parent = process.ppid;
  // npm passes a signal on to its shell alone, which dies without telling anyone.
  const lookout = setInterval(() => {
    if (process.ppid !== parent) end(128 + constants.signals.SIGTERM);
  }, PARENT_CHECK_MS);
  lookout.unref();
}

function introduction(engine: Engine, emulator: Emulator): string {
  return `pulumi-processmind: examples/quickstart from nothing to nothing
  engine    ${engine.about}
  service   an emulator of ProcessMind's API at ${emulator.apiUrl}, storage at ${emulator.storageUrl}
  key       in PROCESSMIND_API_KEY, with PROCESSMIND_API_URL and PROCESSMIND_TENANT_ID
  program   a copy of examples/quickstart; your checkout is not changed
`;
}

function conclusion(engine: Engine, seconds: number): string {
  return `
All stages went as they should, in ${Math.round(seconds)} s.

What you saw: a preview shows what happens to the data before anything is sent. An unchanged file is never sent again.
A rename and a deletion that would lose rows are rejected, and the message names the options.

Next:
  examples/            the program you saw, and others; each README says how to run it
  npm run emulator     the emulator by itself, to point ${engine.name} at
  docs/guides/         your own project: getting-started.md is the first guide
`;
}

main().catch((error: unknown) => {
  if (error instanceof Interrupted) {
    process.stderr.write("\nStopped. Nothing was left behind.\n");
    return;
  }
  process.stderr.write(`\n${error instanceof Difference ? error.message : ((error as Error).stack ?? error)}\n`);
  process.exitCode ??= 1;
});
