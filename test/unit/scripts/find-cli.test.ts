import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { findCli } from "../../../scripts/start/engine";

const NAME = process.platform === "win32" ? "pulumi.exe" : "pulumi";
let folder: string;

beforeEach(() => {
  folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), "find-cli-")));
});
afterEach(() => fs.rmSync(folder, { recursive: true }));

/** Puts an executable there and returns its path. */
function executable(name: string, mode = 0o755): string {
  const file = path.join(folder, name);
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, "#!/bin/sh\n", { mode });
  return file;
}

/** Looks in these folders of PATH, and in the folder "home" for what Pulumi's installers put there. */
function find(...folders: string[]): string | undefined {
  return findCli({
    PATH: folders.map((name) => (name === "" ? "" : path.join(folder, name))).join(path.delimiter),
    PULUMI_HOME: path.join(folder, "home"),
  });
}

test("nowhere", () => {
  expect(find("a", "", "missing")).toBeUndefined();
  expect(findCli({ PULUMI_HOME: path.join(folder, "home") })).toBeUndefined();
});

test.each([
  ["on PATH", [`b/${NAME}`], `b/${NAME}`],
  ["the first on PATH", [`b/${NAME}`, `a/${NAME}`], `a/${NAME}`],
  ["on PATH before Pulumi's own folder", [`home/bin/${NAME}`, `b/${NAME}`], `b/${NAME}`],
  ["in Pulumi's own folder", [`home/bin/${NAME}`, `home/versions/3.1.0/bin/${NAME}`], `home/bin/${NAME}`],
  ["among Pulumi's versions", [`home/versions/3.1.0/bin/${NAME}`], `home/versions/3.1.0/bin/${NAME}`],
  ["not npm's package of that name", [`node_modules/pulumi/${NAME}`, `home/bin/${NAME}`], `home/bin/${NAME}`],
])("found %s", (_where, files, expected) => {
  for (const file of files) executable(file);
  expect(find("node_modules/pulumi", "a", "b")).toBe(path.join(folder, expected));
});

test.each<[string, () => void]>([
  ["a file that cannot be run", () => executable(`a/${NAME}`, 0o644)],
  ["a directory of that name", () => fs.mkdirSync(path.join(folder, "a", NAME), { recursive: true })],
  [
    "a link to npm's package of that name",
    () => {
      fs.mkdirSync(path.join(folder, "a"));
      fs.symlinkSync(executable("node_modules/pulumi/bin.js"), path.join(folder, "a", NAME));
    },
  ],
  [
    "a link to nowhere",
    () => {
      fs.mkdirSync(path.join(folder, "a"));
      fs.symlinkSync(path.join(folder, "gone"), path.join(folder, "a", NAME));
    },
  ],
  [
    "a link to itself",
    () => {
      fs.mkdirSync(path.join(folder, "a"));
      fs.symlinkSync(path.join(folder, "a", NAME), path.join(folder, "a", NAME));
    },
  ],
  ["a file in the place of a folder of PATH", () => executable("a")],
  ["a file in the place of Pulumi's versions", () => executable("home/versions")],
])("passed over: %s", (_what, arrange) => {
  arrange();
  const real = executable(`b/${NAME}`);
  expect(find("a", "b")).toBe(real);
});

test("a link is found by its own name", () => {
  const real = executable(`elsewhere/${NAME}`);
  fs.mkdirSync(path.join(folder, "a"));
  fs.symlinkSync(real, path.join(folder, "a", NAME));
  expect(find("a")).toBe(path.join(folder, "a", NAME));
});
