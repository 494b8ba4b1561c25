import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** A copy of an example that may be changed at will: inside the repository, whose node_modules it uses. */
export class WorkFolder {
  readonly path: string;

  constructor(repository: string, example: string) {
    const parent = join(repository, ".start");
    mkdirSync(parent, { recursive: true });
    this.path = mkdtempSync(join(parent, `${example}-`));
    // Whatever someone left in the checkout by trying the example there (node_modules, a stack) stays behind.
    const isSource = (file: string) =>
      !/node_modules|\.pulumi|Pulumi\.[\w-]+\.yaml$/.test(file.slice(repository.length));
    cpSync(join(repository, "examples", example), this.path, { recursive: true, filter: isSource });
  }

  /** Puts `to` for every `from` in a file; a file without it is an error. */
  edit(file: string, from: RegExp, to: string): void {
    const before = this.read(file);
    const after = before.replace(from, to);
    if (after === before) throw new Error(`${file} has nothing that matches ${from}.`);
    writeFileSync(join(this.path, file), after);
  }

  /** Gives a file the modification time of now. */
  touch(file: string): void {
    const now = new Date();
    utimesSync(join(this.path, file), now, now);
  }

  read(file: string): string {
    return readFileSync(join(this.path, file), "utf8");
  }

  remove(): void {
    rmSync(this.path, { recursive: true, force: true, maxRetries: 5 });
  }
}
