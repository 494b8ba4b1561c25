import { execFileSync, spawnSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { filesFor, folderFiles, NAME, PLATFORMS, packFolder, unixFile, writeFolder } from "../../scripts/plugin/assets";
import { bundle } from "../../scripts/plugin/bundle";
import { secretsIn } from "../support/secret-scan";

let code: string;
let licences: string;
let directory: string;

beforeAll(async () => {
  ({ code, licences } = await bundle());
  directory = fs.mkdtempSync(path.join(os.tmpdir(), "plugin-assets-"));
});
afterAll(() => fs.rmSync(directory, { recursive: true }));

test("the bundle is one file below 2 MB, without secrets or paths of this machine", () => {
  expect(Buffer.byteLength(code)).toBeLessThan(2_000_000);
  expect(secretsIn(code.replaceAll(/X-Amz-(?:Signature|Credential)/gi, ""))).toEqual([]);
  expect(code).not.toContain(path.resolve(__dirname, "../.."));
  expect(code).not.toContain(os.homedir() === "/" ? "/no-home/" : `${os.homedir()}/`);
});

test("the bundle needs no package that is not in it", () => {
  const needed = [...code.matchAll(/\brequire\("([^"]+)"\)/g)].map(([, name = ""]) => name.replace(/^node:/, ""));
  const builtin = new Set([...require("node:module").builtinModules]);
  expect([...new Set(needed.filter((name) => !builtin.has(name)))]).toEqual([]);
});

test("the licences of what is in it go with it", () => {
  expect(licences).toMatch(/^@grpc\/grpc-js \d/m);
  expect(licences).toMatch(/^google-protobuf \d/m);
  expect(licences).toMatch(/^@pulumi\/pulumi \d.*, Apache-2\.0/m);
});

test.each(PLATFORMS)("the asset for %s has the name and the content that Pulumi looks for", (platform) => {
  const folder = path.join(directory, platform);
  writeFolder(folder, filesFor(platform, code, { LICENSE: { content: "x" } }));
  const sizeBytes = packFolder(folder, platform, "1.2.3", directory);
  const asset = path.join(directory, `pulumi-resource-processmind-v1.2.3-${platform}.tar.gz`);
  expect(fs.statSync(asset).size).toBe(sizeBytes);
  const listed = execFileSync("tar", ["-tvzf", asset], { encoding: "utf8" }).split("\n");
  const start = platform.startsWith("windows") ? `${NAME}.cmd` : NAME;
  expect(listed.filter((line) => line.endsWith(`./${start}`))).toHaveLength(1);
  if (!platform.startsWith("windows")) expect(listed.find((line) => line.endsWith(`./${NAME}`))).toMatch(/^-rwxr-xr-x/);
});

describe("the file for Linux and macOS", () => {
  const file = () => path.join(directory, NAME);
  beforeAll(() => {
    const { content } = unixFile(code);
    fs.writeFileSync(file(), content, { mode: 0o755 });
  });

  test("starts and prints its port", () => {
    // An engine that is not there: the process tells its port and ends by itself.
    const { stdout, status } = spawnSync(file(), ["127.0.0.1:1"], { encoding: "utf8", timeout: 120_000 });
    expect({ stdout, status }).toEqual({ stdout: expect.stringMatching(/^\d+\n$/), status: 1 });
  });

  test("says what is missing when there is no Node", () => {
    const { stderr, status } = spawnSync("/bin/sh", [file()], { encoding: "utf8", env: { PATH: directory } });
    expect(status).toBe(1);
    expect(stderr).toBe(
      "pulumi-resource-processmind needs Node.js 20 or later on PATH; its single executable needs none.\n",
    );
  });
});

test("the folder for `pulumi package add` is run by Pulumi's host for Node", () => {
  const folder = path.join(directory, "processmind");
  writeFolder(folder, folderFiles(code, { version: "1.2.3", pulumi: "3.248.0" }, {}));
  expect(fs.readdirSync(folder).sort()).toEqual(["PulumiPlugin.yaml", "index.js", "package.json"]);
  expect(fs.readFileSync(path.join(folder, "PulumiPlugin.yaml"), "utf8")).toBe("runtime: nodejs\n");
  expect(JSON.parse(fs.readFileSync(path.join(folder, "package.json"), "utf8"))).toMatchObject({
    version: "1.2.3",
    main: "index.js",
    dependencies: { "@pulumi/pulumi": "3.248.0" },
  });
});
