import * as fs from "node:fs";
import * as path from "node:path";

/** The lines of CONTRIBUTING's "Review gate" that are greps. */

const ROOT = path.resolve(__dirname, "../..");
const ANY = "any";

interface Rule {
  pattern: RegExp;
  under: string[];
  /** The files that may. */
  except: string[];
  /** What it must find, or it finds nothing. */
  caught: string[];
  passed: string[];
}

const RULES: { [line: string]: Rule } = {
  "process.env outside provider/config.ts": {
    pattern: /\bprocess\s*(\?\.|\.|\[["'])\s*env\b|\benv\b[^=\n]*\}\s*=\s*process\b/,
    under: ["provider"],
    except: ["provider/config.ts"],
    caught: ['process.env["X"]', 'process["env"].X', "const { env } = process;", "process\n  .env.X"],
    passed: ["process.cwd()", "const environment = 1;"],
  },
  "axios outside provider/api/http.ts": {
    pattern: /(from|require\(|import\()\s*["']axios/,
    under: ["provider", "emulator", "engine", "scripts"],
    except: ["provider/api/http.ts"],
    caught: [
      'import axios from "axios";',
      'require("axios")',
      'await import("axios")',
      'import type { A } from "axios/x";',
    ],
    passed: ["// where axios took twice as long"],
  },
  "run-time @pulumi under lifecycles/ and api/": {
    pattern: /\b(import|export)\s+(?!type\b)[^;"']*["']@pulumi\/|\b(require|import)\(\s*["'`]@pulumi\//,
    under: ["provider/lifecycles", "provider/api"],
    except: [],
    caught: [
      'import * as pulumi from "@pulumi/pulumi";',
      'import {\n  Output,\n} from "@pulumi/pulumi";',
      'import "@pulumi/pulumi";',
      'export { Output } from "@pulumi/pulumi";',
      'require("@pulumi/pulumi")',
      'import("@pulumi/pulumi")',
    ],
    passed: [
      'import type * as pulumi from "@pulumi/pulumi";',
      'import { a } from "./x";\nimport type { b } from "@pulumi/pulumi";',
    ],
  },
  "export *": {
    pattern: /^\s*export\s*\*/m,
    under: ["provider", "emulator", "engine", "review", "scripts", "test", "examples"],
    except: [],
    caught: ['export * from "./x";', '\nexport * as x from "./x";'],
    passed: ["// no export * here"],
  },
  "as any": {
    pattern: /(\bas|<)\s*any\s*(?=[;,)>\]}]|$)/m,
    under: ["provider", "emulator", "engine", "review", "scripts", "test", "examples"],
    except: [],
    caught: [`x as ${ANY};`, `(x as ${ANY}).y`, `f<${ANY}>(x)`, `x as ${ANY}`],
    passed: ["// as any other", "Promise.any([])"],
  },
};

function filesUnder(folder: string): string[] {
  return fs
    .readdirSync(path.join(ROOT, folder), { recursive: true, encoding: "utf8" })
    .map((name) => path.posix.join(folder, name.split(path.sep).join("/")))
    .filter((name) => /\.(ts|js)$/.test(name) && !name.includes("node_modules/"));
}

describe.each(Object.entries(RULES))("%s", (_line, { pattern, under, except, caught, passed }) => {
  test.each(caught)("would find %j", (text) => {
    expect(text).toMatch(pattern);
  });

  test.each(passed)("lets pass %j", (text) => {
    expect(text).not.toMatch(pattern);
  });

  test("is found nowhere else", () => {
    const files = under.flatMap(filesUnder);
    const found = files.filter((file) => pattern.test(fs.readFileSync(path.join(ROOT, file), "utf8")));
    expect(found).toEqual(except);
    for (const folder of under) expect(files.filter((file) => file.startsWith(folder)).length).toBeGreaterThan(0);
  });
});
