import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Document, isMap, isScalar, parseDocument } from "yaml";
import { quoted } from "../message";
import { writeWhole } from "../whole-file";
import { yamlProblem } from "./project";
import { UserError } from "./user-error";

/** One stack's settings, `Pulumi.<stack>.yaml`. Writing keeps comments and order. */
export class StackFile {
  readonly path: string;
  readonly #project: string;
  readonly #document: Document;

  private constructor(path: string, project: string, document: Document) {
    this.path = path;
    this.#project = project;
    this.#document = document;
  }

  /** Reads the file; a missing one is an empty one. */
  static load(folder: string, project: string, stack: string): StackFile {
    const path = [".yaml", ".yml"].map((end) => join(folder, `Pulumi.${stack}${end}`)).find(existsSync);
    if (!path) return new StackFile(join(folder, `Pulumi.${stack}.yaml`), project, new Document({}));
    const document: Document = parseDocument(readFileSync(path, "utf8"), { intAsBigInt: true });
    const [problem] = document.errors;
    if (problem) throw new UserError(`${path} is not valid YAML: ${yamlProblem(problem)}`);
    if (document.contents === null || (isScalar(document.contents) && document.contents.value === null)) {
      document.contents = new Document({}).contents;
    }
    const file = new StackFile(path, project, document);
    file.#rejectUnsupported();
    return file;
  }

  /** `encryptionsalt`, when the stack has one. */
  get salt(): string | undefined {
    const salt = this.#document.get("encryptionsalt");
    return typeof salt === "string" ? salt : undefined;
  }

  set salt(salt: string) {
    this.#document.set("encryptionsalt", salt);
  }

  /** The configuration as written, with whole keys (`<namespace>:<name>`), in the file's order. */
  entries(): [key: string, value: unknown][] {
    const config: unknown = (this.#document.toJS() as { config?: unknown } | null)?.config;
    if (config === undefined || config === null) return [];
    if (typeof config !== "object" || Array.isArray(config))
      throw new UserError(`${this.path}: "config" must hold keys and values.`);
    return Object.entries(config).map(([key, value]) => [wholeKey(key, this.#project), value]);
  }

  /** Sets a key, in place when it is there under its short or its whole name. */
  set(key: string, value: string | { secure: string }): void {
    this.#document.setIn(["config", this.#writtenKey(key) ?? key], value);
  }

  /** Removes a key; returns whether it was there. */
  remove(key: string): boolean {
    const written = this.#writtenKey(key);
    return written !== undefined && this.#document.deleteIn(["config", written]);
  }

  async save(): Promise<void> {
    await writeWhole(this.path, this.#document.toString({ lineWidth: 0 }));
  }

  #writtenKey(key: string): string | undefined {
    const config = this.#document.get("config");
    if (!isMap(config)) return undefined;
    return config.items
      .map((pair) => String(isScalar(pair.key) ? pair.key.value : pair.key))
      .find((written) => wholeKey(written, this.#project) === key);
  }

  #rejectUnsupported(): void {
    if (!isMap(this.#document.contents)) throw new UserError(`${this.path} must hold keys and values.`);
    if (this.#document.has("environment")) {
      throw new UserError(`${this.path}: "environment" (Pulumi ESC) is not supported.`, [
        'set the values under "config"',
        "run the program with the Pulumi CLI",
      ]);
    }
    const provider = this.#document.get("secretsprovider");
    if (provider !== undefined && provider !== "passphrase" && provider !== "default") {
      throw new UserError(`${this.path}: the secretsprovider "${quoted(String(provider))}" is not supported.`, [
        "run the program with the Pulumi CLI",
        "change it there: pulumi stack change-secrets-provider passphrase",
      ]);
    }
  }
}

/** `name` → `<project>:name`; `a:config:name`, the old form, → `a:name`. */
export function wholeKey(key: string, project: string): string {
  const parts = key.split(":");
  if (parts.length === 1) return `${project}:${key}`;
  if (parts.length === 3 && parts[1] === "config") return `${parts[0]}:${parts[2]}`;
  if (parts.length === 2 && parts[0] && parts[1]) return key;
  throw new UserError(`configuration key "${quoted(key)}" must be of the form <name> or <namespace>:<name>.`);
}
