import type { Random } from "./random";
import type { Declaration, SourceFile } from "./scenario";

/** The program of a seed as its author changes it: declarations and files, made at random and edited at random. */
export class ProgramPlanner {
  private program: Declaration[] = [];
  private files: SourceFile[] = [];
  private count = 0;

  constructor(private readonly random: Random) {
    const size = random.integer(1, 12);
    while (this.program.length < size) this.add();
  }

  /** A copy of how it is now. */
  now(): { program: Declaration[]; files: SourceFile[] } {
    return structuredClone({ program: this.program, files: this.files });
  }

  /** One to three edits. */
  edit(): void {
    const edits = [
      () => this.add(),
      () => this.remove(),
      () => this.rewriteFile(),
      () => this.rewriteFile(),
      () => this.moveFile(),
      () => this.allowDestroy(),
      () => this.allowDestroy(),
      () => this.rename(),
    ] as const;
    for (let left = this.random.integer(1, 3); left > 0; left--) this.random.pick(edits)();
  }

  private add(): void {
    const kind = this.random.pick(["folder", "dataset", "dataset", "table", "table", "table", "upload", "upload"]);
    const name = `${kind}${++this.count}`;
    const forceDestroy = this.random.chance(0.3) ? { forceDestroy: true } : {};
    const displayName = this.displayName();
    switch (kind) {
      case "folder":
        this.program.push({ kind, name, displayName, ...this.inFolder(), ...forceDestroy });
        return;
      case "dataset":
        this.program.push({ kind, name, displayName, ...this.inFolder(), ...forceDestroy });
        return;
      case "table": {
        const parent = this.random.any(this.named("dataset"));
        if (parent) this.program.push({ kind, name, displayName, parent: parent.name, ...forceDestroy });
        return;
      }
      case "upload":
        this.addUpload(name);
    }
  }

  /** One upload for each table: two would overwrite each other, and nobody could say which bytes should be there. */
  private addUpload(name: string): void {
    const free = this.named("table").filter((table) => this.program.every(({ parent }) => parent !== table.name));
    const parent = this.random.any(free);
    if (!parent) return;
    const path = this.path();
    const rows = this.random.chance(0.05) ? 60_000 : this.random.integer(1, 40);
    this.files.push({ path, version: ++this.count, rows });
    const waitForRowsSeconds = this.random.pick([0, 1]);
    // Not drawn, so that a seed stays the scenario it was.
    const whenTableHasRows = (["skip", "send"] as const)[this.count % 6];
    const upload = { kind: "upload", name, displayName: "", parent: parent.name, source: path } as const;
    this.program.push({ ...upload, waitForRowsSeconds, ...(whenTableHasRows && { whenTableHasRows }) });
  }

  private inFolder(): { parent?: string } {
    const folder = this.random.chance(0.4) ? this.random.any(this.named("folder")) : undefined;
    return folder ? { parent: folder.name } : {};
  }

  /** Takes one away with everything in it. */
  private remove(): void {
    const doomed = new Set([this.random.any(this.program)?.name]);
    for (const { name, parent } of this.program) if (doomed.has(parent)) doomed.add(name);
    const left = this.program.filter(({ name }) => !doomed.has(name));
    if (left.length > 0) this.program = left;
  }

  private rewriteFile(): void {
    const file = this.random.any(this.files);
    if (file) Object.assign(file, { version: ++this.count, rows: this.random.integer(1, 40) });
  }

  /** The same bytes at another path. */
  private moveFile(): void {
    const file = this.random.any(this.files);
    if (!file) return;
    const path = this.path();
    for (const each of this.program) if (each.source === file.path) each.source = path;
    file.path = path;
  }

  private allowDestroy(): void {
    const one = this.random.any(this.program.filter(({ kind }) => kind !== "upload"));
    if (one) one.forceDestroy = true;
  }

  /** Refused, or a replacement: the state decides. */
  private rename(): void {
    const one = this.random.any(this.program.filter(({ kind }) => kind !== "upload"));
    if (one) one.displayName = this.displayName();
  }

  private named(kind: Declaration["kind"]): Declaration[] {
    return this.program.filter((each) => each.kind === kind);
  }

  private displayName(): string {
    const decoration = this.random.pick(["", "", " with blanks ", ' "quoted"', " / æøå 数据", " 100%?&#"]);
    return `N${++this.count}${decoration}`;
  }

  private path(): string {
    return `${this.random.pick(["", "data/", "data/deep er/"])}file${++this.count}.csv`;
  }
}
