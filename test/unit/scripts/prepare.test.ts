import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";

/** scripts/prepare.js in a checkout of its own, where npm and the compiler only write down what they are told. */

const SCRIPTS = path.resolve(__dirname, "../../../scripts");
const LOCK = {
  packages: {
    "": { name: "demo" },
    "node_modules/a": { version: "1.0.0", integrity: "sha512-a" },
    "node_modules/of-another-system": { version: "1.0.0", optional: true },
  },
};
const INSTALLED = { packages: { "node_modules/a": LOCK.packages["node_modules/a"] } };
let root: string;

beforeEach(() => {
  root = fs.mkdtempSync(path.join(os.tmpdir(), "prepare-"));
  fs.mkdirSync(at("scripts"));
  for (const name of ["prepare.js", "build.js", "run-program.js"]) {
    fs.copyFileSync(path.join(SCRIPTS, name), at(`scripts/${name}`));
  }
  write("package-lock.json", LOCK);
  write("node_modules/.package-lock.json", INSTALLED);
  write("node_modules/a/package.json", {});
  write("node_modules/typescript/bin/tsc", recorder("tsc"));
  write("npm-cli.js", recorder("npm"));
  for (const file of ["tsconfig.json", "tsconfig.build.json"]) write(file, {});
  write("provider/index.ts", "");
  write("dist/provider/index.js", "");
  age({ "tsconfig.json": 30, "tsconfig.build.json": 30, "provider/index.ts": 20, "dist/provider/index.js": 10 });
});
afterEach(() => fs.rmSync(root, { recursive: true }));

const at = (name: string) => path.join(root, name);

function write(name: string, content: string | object): void {
  fs.mkdirSync(path.dirname(at(name)), { recursive: true });
  fs.writeFileSync(at(name), typeof content === "string" ? content : JSON.stringify(content));
}

function recorder(name: string): string {
  const line = JSON.stringify(name);
  return `console.log([${line}, ...process.argv.slice(2)].join(" ")); process.exit(process.env.FAILS === ${line} ? 3 : 0);`;
}

/** How many seconds ago each was changed. */
function age(seconds: { [name: string]: number }): void {
  for (const [name, ago] of Object.entries(seconds)) {
    const time = Date.now() / 1000 - ago;
    fs.utimesSync(at(name), time, time);
  }
}

function prepare(env: { [name: string]: string } = {}): { code: number | null; said: string[] } {
  const options = {
    env: { PATH: process.env["PATH"], npm_execpath: at("npm-cli.js"), ...env },
    encoding: "utf8",
  } as const;
  const { status, stdout, stderr } = spawnSync(process.execPath, [at("scripts/prepare.js")], options);
  return { code: status, said: `${stdout}${stderr}`.split("\n").filter((line) => line !== "") };
}

const INSTALL = "npm ci --include=dev --no-audit --no-fund";
const BUILD = [
  "tsc -p tsconfig.build.json --noEmitOnError --noCheck --emitDeclarationOnly",
  "tsc -p tsconfig.build.json --noEmitOnError --noCheck --removeComments --declaration false --esModuleInterop false",
];
const installing = (why: string) => [`Installing the packages (npm ci), since ${why}.`, INSTALL];
const building = (why: string) => [`Building dist, since ${why}.`, ...BUILD];
const buildingEmulator = (why: string) => [
  `Building emulator/dist, since ${why}.`,
  "tsc -p emulator/tsconfig.json --noEmitOnError --noCheck",
];

test.each<[string, () => void, string[]]>([
  ["nothing is to be done", () => {}, []],
  [
    "nothing is installed",
    () => fs.rmSync(at("node_modules/.package-lock.json")),
    installing("nothing is installed yet"),
  ],
  [
    "a half-written record",
    () => write("node_modules/.package-lock.json", "{"),
    installing("nothing is installed yet"),
  ],
  [
    "a package's folder is gone",
    () => fs.rmSync(at("node_modules/a"), { recursive: true }),
    installing("node_modules/a is missing"),
  ],
  [
    "the lock file asks for more",
    () => write("package-lock.json", { packages: { ...LOCK.packages, "node_modules/b": { version: "1" } } }),
    installing("node_modules/b is missing"),
  ],
  [
    "the lock file asks for another version",
    () =>
      write("package-lock.json", {
        packages: { ...LOCK.packages, "node_modules/a": { version: "2.0.0", integrity: "sha512-a" } },
      }),
    installing("node_modules/a is not as package-lock.json says"),
  ],
  [
    "a package is too many",
    () =>
      write("node_modules/.package-lock.json", {
        packages: { ...INSTALLED.packages, "node_modules/b": { version: "1" } },
      }),
    installing("node_modules/b is not in package-lock.json"),
  ],
  ["never built", () => fs.rmSync(at("dist"), { recursive: true }), building("provider/index.ts has not been built")],
  ["a new source", () => write("provider/api/http.ts", ""), building("provider/api/http.ts has not been built")],
  [
    "a package that was never built",
    () => write("emulator/index.ts", ""),
    buildingEmulator("emulator/index.ts has not been built"),
  ],
  [
    "a changed file of another package that it imports",
    () => {
      write("engine/whole-file.ts", "");
      for (const name of ["engine/dist/engine", "emulator/dist/engine"]) write(`${name}/whole-file.js`, "");
      age({ "engine/whole-file.ts": 5, "emulator/dist/engine/whole-file.js": 10 });
    },
    buildingEmulator("engine/whole-file.ts has changed"),
  ],
  ["a source that another compiler reads", () => write("provider/core/index.ts", ""), []],
  ["a changed source", () => age({ "provider/index.ts": 5 }), building("provider/index.ts has changed")],
  ["changed settings", () => age({ "tsconfig.build.json": 5 }), building("the compiler's settings have changed")],
])("%s", (_what, arrange, said) => {
  arrange();
  expect(prepare()).toEqual({ code: 0, said });
});

test.each<[string, () => void, { [name: string]: string }, string[]]>([
  [
    "no lock file",
    () => fs.rmSync(at("package-lock.json")),
    {},
    ["package-lock.json is missing or damaged. Restore it: git checkout package-lock.json"],
  ],
  [
    "a failed installation",
    () => fs.rmSync(at("node_modules/a"), { recursive: true }),
    { FAILS: "npm" },
    [
      ...installing("node_modules/a is missing"),
      "npm ci failed; its own message is above. It needs the npm registry: check the network, the proxy variables and `npm config get registry`, then run this again.",
    ],
  ],
  [
    "a failed build",
    () => age({ "provider/index.ts": 5 }),
    { FAILS: "tsc" },
    [
      ...building("provider/index.ts has changed").slice(0, 2),
      "The build failed; the compiler's errors are above. Correct them, then run this again.",
    ],
  ],
])("stops without a stack after %s", (_what, arrange, env, said) => {
  arrange();
  expect(prepare(env)).toEqual({ code: 1, said });
});

test("what was built from a source that is gone goes too, and nothing else", () => {
  for (const name of ["old.js", "old.d.ts", "index.d.ts", "notes.txt"]) write(`dist/provider/${name}`, "");
  expect(prepare()).toEqual({ code: 0, said: [] });
  expect(fs.readdirSync(at("dist/provider")).sort()).toEqual(["index.d.ts", "index.js", "notes.txt"]);
});

test.each<[string, boolean]>([
  ["20.16.0", false],
  ["20.17.0", true],
  ["21.7.3", false],
  ["22.8.0", false],
  ["22.9.0", true],
  ["24.0.0", true],
])("Node %s is accepted: %s", (version, isAccepted) => {
  const { engines } = JSON.parse(fs.readFileSync(path.resolve(SCRIPTS, "../package.json"), "utf8"));
  expect(engines.node).toBe("^20.17.0 || >=22.9.0");
  write("version.js", `Object.defineProperty(process.versions, "node", { value: "${version}" });`);
  const { code, said } = prepare({ NODE_OPTIONS: `--require ${at("version.js")}` });
  const refusal = `Node ${version} is not supported. Install Node 20.17 or later, or 22.9 or later.`;
  expect({ code, said }).toEqual(isAccepted ? { code: 0, said: [] } : { code: 1, said: [refusal] });
});

test("what a build does not write anew goes, and the plugin beside it stays", () => {
  write("provider/unused.ts", "");
  for (const name of ["provider/unused.js", "plugin/kept.js"]) write(`dist/${name}`, "");
  age({ "provider/index.ts": 5, "provider/unused.ts": 30, "dist/provider/unused.js": 20, "dist/plugin/kept.js": 20 });
  write(
    "node_modules/typescript/bin/tsc",
    `require("node:fs").writeFileSync(${JSON.stringify(at("dist/provider/index.js"))}, "");`,
  );
  expect(prepare().code).toBe(0);
  expect([fs.readdirSync(at("dist/provider")), fs.readdirSync(at("dist/plugin"))]).toEqual([["index.js"], ["kept.js"]]);
});

test.each<[string, string, string[], string]>([
  [
    "the bench when it is asked for",
    "bench",
    [
      "Building bench/dist, since bench/main.ts has not been built.",
      "tsc -p bench/tsconfig.json --noEmitOnError --noCheck",
    ],
    "",
  ],
  [
    "nothing that it does not know",
    "benhc",
    [],
    'There is no "benhc" to build, only provider, emulator, engine, review, bench.',
  ],
])("builds %s", (_what, name, said, failure) => {
  write("bench/main.ts", "");
  const { stdout, stderr } = spawnSync(process.execPath, [at("scripts/build.js"), name], { encoding: "utf8" });
  expect(stdout.split("\n").filter((line) => line !== "")).toEqual(said);
  expect(stderr.trim()).toBe(failure);
});
