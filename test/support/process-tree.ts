import fs from "node:fs";

/** A process, told apart from a later one of the same number by when it began. */
export interface ProcessMark {
  pid: number;
  /** In the kernel's clock ticks since boot. */
  began: string;
}

/** All processes below one, as /proc of Linux has them now. */
export function descendantsOf(pid: number): ProcessMark[] {
  const all = fs.readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  const entries = all.map(Number).flatMap((each) => statOf(each) ?? []);
  const below = (parent: number): ProcessMark[] =>
    entries.filter((entry) => entry.parent === parent).flatMap((entry) => [entry.mark, ...below(entry.mark.pid)]);
  return below(pid);
}

/** Whether it still runs. A zombie does not. */
export function isAlive({ pid, began }: ProcessMark): boolean {
  const stat = statOf(pid);
  return stat !== undefined && stat.mark.began === began && stat.status !== "Z";
}

/** The folder it works in; undefined when it is gone. */
export function folderOf({ pid }: ProcessMark): string | undefined {
  try {
    return fs.readlinkSync(`/proc/${pid}/cwd`);
  } catch {
    return undefined;
  }
}

function statOf(pid: number): { mark: ProcessMark; parent: number; status: string } | undefined {
  try {
    const text = fs.readFileSync(`/proc/${pid}/stat`, "latin1");
    // The name, in brackets, may hold anything.
    const [status = "", parent, ...rest] = text.slice(text.lastIndexOf(")") + 2).split(" ");
    return { mark: { pid, began: rest[17] ?? "" }, parent: Number(parent), status };
  } catch {
    return undefined;
  }
}
