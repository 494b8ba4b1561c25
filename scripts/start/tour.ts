import { join } from "node:path";
import type { Emulator } from "processmind-emulator";
import type { Commands, Finished, Surroundings } from "./commands";
import type { Engine } from "./engine";
import type { Expectation, Stage } from "./stages";
import type { WorkFolder } from "./work-folder";

/** What the tour needs. */
export interface TourParts {
  engine: Engine;
  emulator: Emulator;
  folder: WorkFolder;
  commands: Commands;
  surroundings: Surroundings;
  show(text: string): void;
}

/** A stage went otherwise than it should. */
export class Difference extends Error {}

/** Goes through the stages, and ends with a look at the tenant. Rejects with a {@link Difference} at the first one that differs. */
export async function tour(parts: TourParts, stages: Stage[]): Promise<void> {
  const total = stages.length + 1;
  for (const args of parts.engine.prepare) mustSucceed(await runEngine(parts, args), args);
  for (const [index, stage] of stages.entries()) {
    parts.show(headline(index + 1, total, stage.heading));
    const problems = await play(parts, stage);
    if (problems.length > 0) {
      throw new Difference(`Stage ${index + 1} of ${total}, "${stage.heading}", differs:\n${problems.join("\n")}`);
    }
  }
  await lookAtTenant(parts, total);
}

async function play(parts: TourParts, stage: Stage): Promise<string[]> {
  const { engine, emulator, folder, show } = parts;
  show(`${stage.about}\n\n`);
  if (stage.change) {
    show(`  ${stage.change.description}\n`);
    stage.change.make(folder);
  }
  if (stage.script) {
    show(`$ npx ts-node ${stage.script.join(" ")}\n`);
    const { commands, surroundings } = parts;
    mustSucceed(await commands.run(process.execPath, [tsNode(), ...stage.script], surroundings), stage.script);
  }
  show(`$ ${engine.name} ${stage.command.join(" ")}\n`);
  emulator.clearJournal();
  const finished = await runEngine(parts, [...stage.command, ...stackFlag(engine)]);
  await emulator.settled();
  const found = whatHappened(emulator, finished);
  show(`\nEmulator: ${summary(found)}\n`);
  return differences(stage.expected, found, finished.text);
}

function headline(number: number, total: number, heading: string): string {
  return `\n${`── ${number} of ${total} · ${heading} `.padEnd(80, "─")}\n`;
}

function stackFlag(engine: Engine): string[] {
  return engine.prepare.length > 0 ? ["--stack=dev"] : [];
}

/** From the root, so that no shell and no search for a bin is needed. */
function tsNode(): string {
  return join(__dirname, "..", "..", "node_modules", "ts-node", "dist", "bin.js");
}

function runEngine({ engine, commands, surroundings }: TourParts, args: string[]): Promise<Finished> {
  return commands.run(engine.command, [...engine.prefix, ...args], surroundings);
}

function mustSucceed({ exitCode }: Finished, args: string[]): void {
  if (exitCode !== 0) throw new Difference(`"${args.join(" ")}" ended with exit code ${exitCode}.`);
}

// ── Checking ────────────────────────────────────────────────────────────────────────────────────────────────

interface Found extends Omit<Expectation, "prints"> {
  leaked: boolean;
}

function whatHappened(emulator: Emulator, { exitCode, text }: Finished): Found {
  const writes = emulator.journal().flatMap(({ method }) => (method === "GET" ? [] : [method]));
  const tables = emulator.state().datatables.map(({ rowCount }) => rowCount ?? 0);
  const leaked = text.includes(emulator.apiKey) || text.includes("X-Amz-");
  return { succeeds: exitCode === 0, writes, tables, leaked };
}

function summary({ writes, tables }: Found): string {
  const received = writes.length > 0 ? `${writes.join(", ")} received` : "nothing received that changes anything";
  const holds = tables.length > 0 ? `it holds ${tables.join(" and ")} rows` : "it holds nothing";
  return `${received}; ${holds}.`;
}

function differences(expected: Expectation, found: Found, text: string): string[] {
  return [
    ...(found.succeeds === expected.succeeds ? [] : [`- it ${found.succeeds ? "succeeded" : "failed"}`]),
    ...expected.prints.filter((pattern) => !pattern.test(text)).map((pattern) => `- the output lacks ${pattern}`),
    ...differing("requests", expected.writes, found.writes),
    ...differing("rows in tables", expected.tables, found.tables),
    ...(found.leaked ? ["- the output holds a credential"] : []),
  ];
}

function differing(what: string, expected: unknown[], found: unknown[]): string[] {
  const [wanted, got] = [JSON.stringify(expected), JSON.stringify(found)];
  return wanted === got ? [] : [`- ${what}: expected ${wanted}, found ${got}`];
}

/** Asks the API itself, as any client would. */
async function lookAtTenant({ emulator, show }: TourParts, number: number): Promise<void> {
  const path = `/tenant/${emulator.tenantId}/datasets`;
  show(headline(number, number, "The tenant is empty"));
  show(`$ curl --header "x-api-key: $PROCESSMIND_API_KEY" ${emulator.apiUrl}${path}\n`);
  const answer = await fetch(`${emulator.apiUrl}${path}`, { headers: { "x-api-key": emulator.apiKey } });
  const text = await answer.text();
  show(`${text}\n`);
  if (answer.status !== 200 || text.trim() !== "[]") {
    throw new Difference(
      `Stage ${number} of ${number}: the tenant should be empty, and answered ${answer.status} ${text}`,
    );
  }
}
