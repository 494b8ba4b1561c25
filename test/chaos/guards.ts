import { existsSync } from "node:fs";
import fs from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import ts from "typescript";

/**
 * Guards of the provider and of the engine that can be switched off, one at a time, in a copy of this repository: whoever trusts a run
 * without violations wants to see that the same run finds what a missing guard lets through.
 */
export interface Guard {
  name: string;
  /** What happens without it. */
  lets: string;
  /** The rules it breaks then: anything else that is found says nothing about this guard. */
  breaks: string[];
  edits: Edit[];
}

interface Edit {
  file: string;
  /** Occurs exactly once. */
  replaces: string;
  by: string;
}

export const GUARDS: Guard[] = [
  {
    name: "list before create",
    lets: "a second object after a run that was cut short",
    breaks: ["object twice", "POST repeated", "object unknown"],
    edits: [
      {
        file: "provider/lifecycles/create-once.ts",
        replaces: "const before = await request.listAlike();",
        by: "const before: T[] = [];",
      },
    ],
  },
  {
    name: "recorded id on failure",
    lets: "an object nobody knows of, when the response to its create is damaged",
    breaks: ["object unknown"],
    edits: [
      {
        file: "provider/errors.ts",
        replaces: "return Object.assign(new Error(message), { id, properties, reasons: [message] });",
        by: "return new Error(message);",
      },
    ],
  },
  {
    name: "hash of bytes sent",
    lets: "a recorded hash of bytes that were never stored",
    breaks: ["hash in state"],
    edits: [
      {
        file: "provider/api/upload.ts",
        replaces: "checkUnchanged(this.request, await sha256?.soFar());",
        by: "",
      },
    ],
  },
  {
    name: "redaction",
    lets: "a key or a signature that a server repeats",
    breaks: ["secret"],
    edits: [
      {
        file: "provider/errors.ts",
        replaces: "export function redact(text: string): string {",
        by: "export function redact(text: string): string {\n  if (text.length >= 0) return text;",
      },
    ],
  },
  {
    name: "delete guard",
    lets: "the loss of rows nobody gave up",
    breaks: ["data lost"],
    edits: [
      {
        file: "provider/lifecycles/existing-object.ts",
        replaces:
          "if (loss !== undefined) throw says.dataWouldBeLost(noun, displayName, id, loss.holds, loss.options);",
        by: "",
      },
    ],
  },
  {
    name: "retry rule for POST",
    lets: "a create sent again after it was carried out",
    breaks: ["POST repeated", "object twice", "object unknown"],
    edits: [
      { file: "provider/api/retry.ts", replaces: 'return method !== "POST";', by: "return true;" },
      {
        file: "provider/api/retry.ts",
        replaces: '(method !== "POST" && TRANSIENT.has(outcome.status))',
        by: "TRANSIENT.has(outcome.status)",
      },
    ],
  },
  {
    name: "rejection of a first upload",
    lets: "a file sent again into a table that holds it, after a run that was cut short or a rejected destroy",
    breaks: ["rows twice"],
    edits: [
      {
        file: "provider/lifecycles/first-upload.ts",
        replaces: "throw tableHasRows(fileName, datatableId, earlier);",
        by: "return { before };",
      },
    ],
  },
  {
    name: "404 confirmed by the list",
    lets: "an object dropped from the state, and made again, when a read does not see it yet",
    breaks: ["object unknown", "object twice"],
    edits: [
      {
        file: "provider/lifecycles/connect.ts",
        replaces: "if (found !== undefined) return found;",
        by: "if (id !== undefined) return found;",
      },
    ],
  },
  {
    name: "whole write",
    lets: "a state that a full disk cuts short",
    breaks: ["state parses"],
    edits: [
      {
        file: "engine/whole-file.ts",
        replaces: "await handle.writeFile(content);",
        by: "await handle.write(Buffer.from(content));",
      },
    ],
  },
  {
    name: "watch over the engine",
    lets: "an older file, stored by what a killed run left behind after a newer one was",
    breaks: ["hash in state"],
    edits: [
      {
        file: "provider/lifecycle.ts",
        replaces: "const engine = address === undefined ? NO_ENGINE : watchEngine(address, () => process.exit(1));",
        by: "const engine = NO_ENGINE;",
      },
    ],
  },
  {
    name: "ear for a cancelled run",
    lets: "a stored file sent again, when a user does not want to wait for its rows",
    breaks: ["file sent again"],
    edits: [
      {
        file: "provider/engine-calls.ts",
        replaces: 'if (method === "Cancel") cancellation.abort();',
        by: "",
      },
    ],
  },
];

export const REPOSITORY = path.resolve(__dirname, "../..");
const COPIED = ["dist", "provider", "emulator", "engine", "test", "package.json", "tsconfig.json"];

/** A copy of the repository, to be removed by the caller, in which the guard is off; it shares the installed packages. */
export async function copyWithout(guard: Guard): Promise<string> {
  const copy = await fs.realpath(await fs.mkdtemp(path.join(os.tmpdir(), "without-guard-")));
  for (const each of COPIED) await fs.cp(path.join(REPOSITORY, each), path.join(copy, each), { recursive: true });
  await fs.mkdir(path.join(copy, "node_modules"));
  for (const each of await fs.readdir(path.join(REPOSITORY, "node_modules"))) {
    const installed = path.join(REPOSITORY, "node_modules", each);
    const place = path.relative(REPOSITORY, await fs.realpath(installed));
    // The packages of the repository are linked; so are those of the copy.
    const target = place.split(path.sep)[0] === "node_modules" ? installed : path.join(copy, place);
    await fs.symlink(target, path.join(copy, "node_modules", each), "junction");
  }
  for (const [file, text] of await compiledWithout(guard)) await fs.writeFile(path.join(copy, file), text);
  return copy;
}

/** The compiled files that change, by their place under the repository. */
export async function compiledWithout({ name, edits }: Guard): Promise<Map<string, string>> {
  const sources = new Map<string, string>();
  for (const { file, replaces, by } of edits) {
    const source = sources.get(file) ?? (await fs.readFile(path.join(REPOSITORY, file), "utf8"));
    const [before, after, ...more] = source.split(replaces);
    if (before === undefined || after === undefined || more.length > 0) {
      throw new Error(`The guard "${name}" is no longer where it was: ${file} should have exactly one "${replaces}".`);
    }
    sources.set(file, before + by + after);
  }
  const { compilerOptions } = ts.readConfigFile(path.join(REPOSITORY, "tsconfig.json"), ts.sys.readFile).config;
  const { options } = ts.convertCompilerOptionsFromJson(compilerOptions, REPOSITORY);
  return new Map(
    [...sources].flatMap(([file, source]) => {
      const { outputText } = ts.transpileModule(source, { compilerOptions: { ...options, sourceMap: false } });
      return compiledPlaces(file).map((place) => [place, outputText] as const);
    }),
  );
}

/** Each package has its own copy of what it imports. */
function compiledPlaces(source: string): string[] {
  const places = ["dist", "engine/dist", "emulator/dist"].map((dist) =>
    path.join(dist, source.replace(/\.ts$/, ".js")),
  );
  return places.filter((place) => existsSync(path.join(REPOSITORY, place)));
}
