import type { CommandCost } from "./command-cost";

/** One stack through all commands. */
export interface StackCost {
  resources: number;
  tables: number;
  commands: { [name: string]: CommandCost };
}

/** How the costs of a resource in the larger stack compare to those in the smaller one; 1 is the same. */
interface Ratios {
  seconds: number;
  cpuSeconds: number;
  requests: number;
  answerBytes: number;
}

interface Summary {
  stacks: StackCost[];
  perResource: { [command: string]: Ratios };
}

export function summary(stacks: StackCost[]): Summary {
  const [small, large] = stacks;
  const perResource: Summary["perResource"] = {};
  for (const name of Object.keys(large?.commands ?? {})) {
    const ratio = (measure: (cost: CommandCost) => number) => {
      const each = [large, small].map((stack) => {
        const cost = stack?.commands[name];
        return stack && cost ? measure(cost) / stack.resources : 0;
      });
      return Number(((each[0] ?? 0) / (each[1] || 1)).toFixed(2));
    };
    perResource[name] = {
      seconds: ratio((cost) => cost.seconds),
      cpuSeconds: ratio((cost) => cost.cpuSeconds ?? 0),
      requests: ratio(requestsOf),
      answerBytes: ratio((cost) => cost.answerBytes),
    };
  }
  return { stacks, perResource };
}

export function print({ stacks, perResource }: Summary): void {
  for (const { resources, tables, commands } of stacks) {
    console.log(`\n${resources} resources, ${tables} tables of others in the tenant`);
    for (const [name, cost] of Object.entries(commands)) console.log(lineOf(name, cost));
  }
  console.log("\nA resource of the large stack, against one of the small (1 is the same)");
  for (const [name, { seconds, cpuSeconds, requests, answerBytes }] of Object.entries(perResource)) {
    const ratios = `${seconds} seconds, ${cpuSeconds} of the processor, ${requests} requests, ${answerBytes} bytes of answers`;
    console.log(`  ${name.padEnd(18)} ${ratios}`);
  }
}

function lineOf(name: string, cost: CommandCost): string {
  const { engine, program, provider } = cost.peakBytes;
  const memory = [engine, program, provider].map((bytes) => (bytes === undefined ? "–" : mib(bytes))).join("/");
  const routes = Object.entries(cost.requests)
    .map(([route, count]) => `${route} ${count}`)
    .join(", ");
  return (
    `  ${name.padEnd(18)} ${cost.seconds.toFixed(1).padStart(6)} s  CPU ${(cost.cpuSeconds ?? 0).toFixed(1)} s  ${String(requestsOf(cost)).padStart(5)} requests` +
    `  ${mib(cost.answerBytes)} MiB answered  engine wrote ${mib(cost.engineWroteBytes ?? 0)} MiB` +
    `  peak MiB engine/program/provider ${memory}${routes === "" ? "" : `\n${" ".repeat(21)}${routes}`}`
  );
}

function requestsOf(cost: CommandCost): number {
  return Object.values(cost.requests).reduce((sum, count) => sum + count, 0);
}

function mib(bytes: number): string {
  return (bytes / 1024 ** 2).toFixed(0);
}
