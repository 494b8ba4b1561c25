/**
 * One stack of many resources in a tenant that is full already: seconds, requests and memory of each command, and
 * whether a resource costs the same in a large stack as in a small one.
 *
 *   npm run scale -- [--resources 500] [--tables 5000] [--json FILE]
 */
import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { type CommandCost, costOf } from "./scale/command-cost";
import { openCrowdedTenant } from "./scale/crowded-tenant";
import { print, type StackCost, summary } from "./scale/report";
import { writeProject } from "./scale/stack-project";

const COMMANDS: [name: string, args: string[]][] = [
  ["preview", ["preview"]],
  ["up", ["up", "--yes", "--skip-preview"]],
  ["unchanged preview", ["preview", "--expect-no-changes"]],
  ["refresh", ["refresh", "--yes", "--skip-preview"]],
  ["destroy", ["destroy", "--yes", "--skip-preview"]],
];

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      resources: { type: "string", default: "500" },
      tables: { type: "string", default: "5000" },
      json: { type: "string" },
    },
  });
  const full = Number(values.resources);
  const tables = Number(values.tables);
  const stacks: StackCost[] = [];
  for (const resources of [Math.round(full / 4), full]) stacks.push(await measure(resources, tables));
  print(summary(stacks));
  if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(summary(stacks), null, 2)}\n`);
}

/** One stack through all commands, in a tenant of its own. */
async function measure(resources: number, tables: number): Promise<StackCost> {
  const tenant = await openCrowdedTenant(tables);
  const project = writeProject(resources);
  const commands: Record<string, CommandCost> = {};
  try {
    for (const [name, args] of COMMANDS) {
      tenant.emulator.clearJournal();
      process.stderr.write(`${resources} resources: ${name}\n`);
      const cost = await costOf(args, project.folder, tenant.emulator.environment);
      commands[name] = { ...cost, ...tenant.traffic() };
    }
  } finally {
    project.remove();
    await tenant.emulator.close();
  }
  return { resources: project.resources, tables, commands };
}

void main();
