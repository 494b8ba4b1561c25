import { spawn } from "node:child_process";
import fs from "node:fs/promises";
import path from "node:path";
import { parseArgs } from "node:util";
import { copyWithout, GUARDS, type Guard } from "./guards";

/** The control: a copy like the others with every guard in it, in which nothing must be found. */
const NONE_LESS: Guard = { name: "(nothing left out)", lets: "nothing", breaks: [], edits: [] };
const CONTROL_SEEDS = "40";

const HELP = `npm run chaos:guards -- [options]

Plays seeds against copies of the provider that lack one guard, until something is found.

  --seeds <n>        at most so many for each guard (default 200)
  --jobs <n>         how many at once (default 2)
  --only <pattern>   the guards whose name matches
`;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      seeds: { type: "string", default: "200" },
      jobs: { type: "string", default: "2" },
      only: { type: "string", default: "" },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    process.stdout.write(HELP);
    return;
  }
  const rows: string[] = [];
  const chosen = GUARDS.filter(({ name }) => new RegExp(values.only, "i").test(name));
  if (chosen.length === 0) throw new Error(`No guard's name matches "${values.only}".`);
  for (const guard of [NONE_LESS, ...chosen]) {
    const seeds = guard === NONE_LESS ? CONTROL_SEEDS : values.seeds;
    const found = await firstViolation(guard, ["--seeds", seeds, "--jobs", values.jobs]);
    const isRight = guard === NONE_LESS ? found === undefined : guard.breaks.includes(found?.rule ?? "");
    if (!isRight) process.exitCode = 1;
    const cells = found ? [`${found.seed}`, found.rule] : [`none in ${seeds}`, "–"];
    rows.push(`| ${[guard.name, guard.lets, ...cells, isRight ? "yes" : "NO"].join(" | ")} |`);
  }
  process.stdout.write(
    `\n| Without | lets through | found by seed | as | as it should |\n| --- | --- | --- | --- | --- |\n${rows.join("\n")}\n`,
  );
}

/** The harness of the copy, so that its emulator, its programs and its provider are the copy's too. */
async function firstViolation(guard: Guard, args: string[]): Promise<{ seed: number; rule: string } | undefined> {
  const copy = await copyWithout(guard);
  const json = path.join(copy, "found.json");
  process.stdout.write(`\nwithout: ${guard.name}\n`);
  try {
    const script = ["-r", path.resolve(__dirname, "../../scripts/typescript.js"), "test/chaos/run.ts"];
    const child = spawn(process.execPath, [...script, ...args, "--until-found", "--json", json], {
      cwd: copy,
      stdio: "inherit",
    });
    await new Promise((resolve, reject) => child.once("error", reject).once("close", resolve));
    const { found } = JSON.parse(await fs.readFile(json, "utf8")) as { found: { seed: number; rule: string }[] };
    return found.sort((one, other) => one.seed - other.seed)[0];
  } finally {
    await fs.rm(copy, { recursive: true, force: true });
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 2;
});
