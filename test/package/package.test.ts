import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import fs from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import * as ts from "typescript";
import { newTestKey, secretsIn, secretsUnder } from "../support/secret-scan";
import { SHELLS } from "../support/tenant-stack";

const REPOSITORY = path.resolve(__dirname, "../..");
const PROGRAM = `
import { Dataset, Datatable, DatatableUpload } from "pulumi-processmind";
const sales = new Dataset("sales", { displayName: "Sales", forceDestroy: true });
const orders = new Datatable("orders", { datasetId: sales.id, displayName: "Orders", forceDestroy: true });
const upload = new DatatableUpload("orders", { datasetId: sales.id, datatableId: orders.id, source: "orders.csv" });
export const sizeBytes = upload.sizeBytes;
`;

const run = promisify(execFile);

/** It is 1.42 MB; more than this is something that got in by mistake. */
const LARGEST_BYTES = 1_500_000;
/** What npm runs on the machine of whoever installs a package, or has it from git. */
const RUN_BY_INSTALL = /^(pre|post)?(install|prepare|prepublish)$|^(pre|post)?pack$|^dependencies$/;
/** Shapes of what opens a door, and paths of the machine that packed it. */
const KEY_SHAPES = /PRIVATE KEY-|_authToken|\bnpm_\w{36}|\bgh[opsu]_\w{36}|\b(AKIA|ASIA)[A-Z0-9]{16}\b/;

/**
 * The package as npm would publish it, in an ESM project with blanks in its path that has nothing else of this
 * repository but the dependencies it declares. `npm run matrix` has the other ways of installing it.
 */
describe("the packed package", () => {
  let project: string;
  let files: string[];
  let unpackedBytes: number;
  let manifest: Manifest;
  const installed = (...parts: string[]) => path.join(project, "node_modules", "pulumi-processmind", ...parts);

  beforeAll(async () => {
    project = await fs.realpath(await fs.mkdtemp(path.join(os.tmpdir(), "pulumi packed é ")));
    ({ files, unpackedBytes } = await pack(project, installed()));
    manifest = JSON.parse(await fs.readFile(installed("package.json"), "utf8"));
    await linkDependencies(project, Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies }));
    await fs.writeFile(path.join(project, "package.json"), JSON.stringify({ name: "shop", type: "module" }));
    await fs.writeFile(path.join(project, "Pulumi.yaml"), "name: shop\nruntime: nodejs\n");
    await fs.writeFile(path.join(project, "orders.csv"), "id\n1\n2\n");
    await fs.writeFile(path.join(project, "index.js"), PROGRAM);
  });
  afterAll(() => fs.rm(project, { recursive: true, force: true }));

  it("holds what it needs to run, and nothing else", () => {
    const outside = files.filter((file) => !/^dist\/(provider|emulator|engine|review)\/.+\.(js|d\.ts)$/.test(file));
    expect(outside.sort()).toEqual([
      "CHANGELOG.md",
      "COOKBOOK.md",
      "LICENSE",
      "README.md",
      "SECURITY.md",
      "emulator/README.md",
      "engine/README.md",
      "package.json",
    ]);
    expect(files.filter((file) => /\b(test|start|prepare)\b/.test(file))).toEqual([]);
    expect(unpackedBytes).toBeLessThan(LARGEST_BYTES);
  });

  it("holds no secret, and no path of the machine it was made on", async () => {
    // The emulator signs addresses, so it names what they are made of.
    const presign = path.join("dist", "emulator", "wire", "presign.js");
    expect(await secretsUnder(installed())).toEqual([`${presign}: a signature`, `${presign}: a credential`]);
    const texts = files.map(async (file) => [file, await fs.readFile(installed(file), "latin1")] as const);
    const found = (await Promise.all(texts)).filter(([, text]) => KEY_SHAPES.test(text) || text.includes(REPOSITORY));
    expect(found.map(([file]) => file)).toEqual([]);
  });

  it("runs nothing when it is installed, nor does what it brings along; the lock file tells what each is", async () => {
    expect(Object.keys(manifest.scripts).filter((name) => RUN_BY_INSTALL.test(name))).toEqual([]);
    const { packages }: Lock = JSON.parse(await fs.readFile(path.join(REPOSITORY, "package-lock.json"), "utf8"));
    const others = Object.entries(packages).filter(([place, { link }]) => place !== "" && !link);
    const brought = others.filter(([, { dev, devOptional }]) => !dev && !devOptional);
    expect(brought.map(([place]) => place)).toEqual(
      expect.arrayContaining(Object.keys(manifest.dependencies).map((name) => `node_modules/${name}`)),
    );
    expect(brought.filter(([, { hasInstallScript }]) => hasInstallScript).map(([place]) => place)).toEqual([]);
    // npm leaves the hash out of a lock file it writes from what is installed: see CONTRIBUTING.
    expect(others.filter(([, { integrity }]) => !integrity?.startsWith("sha512-")).map(([place]) => place)).toEqual([]);
  });

  it.each<[string, ts.CompilerOptions]>([
    ["node10", { moduleResolution: ts.ModuleResolutionKind.Node10 }],
    ["node16", { moduleResolution: ts.ModuleResolutionKind.Node16, module: ts.ModuleKind.Node16 }],
    ["bundler", { moduleResolution: ts.ModuleResolutionKind.Bundler, module: ts.ModuleKind.ESNext }],
  ])("has types for its three entry points where moduleResolution is %s", (_name, options) => {
    const program = path.join(project, "index.ts");
    const typesOf = (specifier: string) =>
      ts.resolveModuleName(specifier, program, options, ts.sys).resolvedModule?.resolvedFileName;
    const specifiers = ["pulumi-processmind", "pulumi-processmind/lifecycle", "pulumi-processmind/emulator"];
    expect(specifiers.map(typesOf)).toEqual(
      ["provider/index.d.ts", "provider/lifecycle.d.ts", "emulator/index.d.ts"].map((file) => installed("dist", file)),
    );
  });

  it("is published openly, with a record of where it was built", () => {
    expect(manifest.publishConfig).toEqual({ access: "public", provenance: true });
    // Never what was built of earlier sources.
    expect(manifest.scripts["prepublishOnly"]).toBe("node scripts/prepare.js");
  });

  it("loads from CommonJS by its three entry points, and from no other path", async () => {
    const script = `
      const names = (specifier) => Object.keys(require(specifier)).sort();
      const entries = ["pulumi-processmind", "pulumi-processmind/lifecycle", "pulumi-processmind/emulator"].map(names);
      let closed;
      try { require("pulumi-processmind/dist/provider/shell.js"); } catch (error) { closed = error.code; }
      const { getDatasets, ProcessMindError } = require("pulumi-processmind");
      getDatasets({ tenantId: " " }).catch((error) => {
        const thrown = error instanceof ProcessMindError && error.code;
        console.log(JSON.stringify({ entries, closed, thrown }));
      });`;
    const env = { ...process.env, PROCESSMIND_TENANT_ID: "" };
    const { stdout } = await run(process.execPath, ["-e", script], { cwd: project, env });
    expect(JSON.parse(stdout)).toEqual({
      entries: [
        expect.arrayContaining(["Dataset", "Datatable", "DatatableUpload"]),
        ["dataset", "datatable", "datatableUpload"],
        expect.arrayContaining(["startEmulator"]),
      ],
      closed: "ERR_PACKAGE_PATH_NOT_EXPORTED",
      thrown: "CONFIG_MISSING",
    });
  });

  it("runs a program by its own commands, from preview to destroy", async () => {
    const bin = (name: string) => installed(manifest.bin[name] ?? "");
    const options = [bin("processmind-emulator"), "--port=0", "--storage-port=0", `--api-key=${newTestKey()}`];
    const emulator = spawn(process.execPath, options, { stdio: ["ignore", "pipe", "inherit"] });
    try {
      const env = await variablesOf(emulator);
      const engine = async (...args: string[]) => {
        const { stdout, stderr } = await run(process.execPath, [bin("pulumi-offline"), ...args], { cwd: project, env });
        expect(secretsIn(stdout + stderr)).toEqual([]);
        expect(await secretsUnder(project)).toEqual([]);
        return stdout;
      };
      expect(await engine("preview")).toContain("+ 4 to create");
      expect(await engine("up", "--yes", "--skip-preview")).toContain("+ 4 created");
      const { deployment } = JSON.parse(await engine("stack", "export"));
      expect(shellsIn(deployment)).toEqual(SHELLS);
      expect(JSON.parse(await engine("stack", "output", "--json"))).toEqual({ sizeBytes: 7 });
      expect(await engine("destroy", "--yes", "--skip-preview")).toContain("- 4 deleted");
    } finally {
      emulator.kill();
      await once(emulator, "exit");
    }
  });
});

interface Manifest {
  bin: { [name: string]: string };
  scripts: { [name: string]: string };
  dependencies: object;
  peerDependencies: object;
  publishConfig?: object;
}

interface Lock {
  packages: {
    [place: string]: {
      dev?: true;
      devOptional?: true;
      link?: true;
      hasInstallScript?: true;
      integrity?: string;
    };
  };
}

/** Packs the repository, unpacks the tarball, and tells its files. The bin files are not made executable: npm does that. */
async function pack(folder: string, into: string): Promise<{ files: string[]; unpackedBytes: number }> {
  const args = ["pack", "--json", "--ignore-scripts", `--pack-destination=${folder}`];
  const { stdout } = await run("npm", args, { cwd: REPOSITORY, shell: process.platform === "win32" });
  const [{ filename, files, unpackedSize }]: [{ filename: string; files: { path: string }[]; unpackedSize: number }] =
    JSON.parse(stdout);
  await fs.mkdir(into, { recursive: true });
  await run("tar", ["-xzf", path.join(folder, filename), "--strip-components=1", "-C", into]);
  await fs.rm(path.join(folder, filename));
  return { files: files.map((file) => file.path), unpackedBytes: unpackedSize };
}

/** What npm would install beside it, without asking a registry: a dependency that is used and not declared is not found. */
async function linkDependencies(folder: string, names: string[]): Promise<void> {
  for (const name of names) {
    const link = path.join(folder, "node_modules", name);
    await fs.mkdir(path.dirname(link), { recursive: true });
    await fs.symlink(path.join(REPOSITORY, "node_modules", name), link, "junction");
  }
}

/** The environment the emulator's greeting tells to export. */
async function variablesOf(emulator: ReturnType<typeof spawn>): Promise<NodeJS.ProcessEnv> {
  const text = await new Promise<string>((resolve, reject) => {
    let seen = "";
    emulator.stdout?.setEncoding("utf8").on("data", (chunk: string) => {
      seen += chunk;
      if (seen.includes("Ready.")) resolve(seen);
    });
    emulator.once("exit", () => reject(new Error(`The emulator ended after it had said:\n${seen}`)));
  });
  const variables = [...text.matchAll(/export (PROCESSMIND_\w+)=(\S+)/g)].map(([, name, value]) => [name, value]);
  return { ...process.env, PULUMI_CONFIG_PASSPHRASE: "packed", ...Object.fromEntries(variables) };
}

function shellsIn(deployment: { resources: { type: string; inputs?: { __provider?: string } }[] }): object {
  const ours = deployment.resources.filter(({ type }) => type.includes("/processmind:"));
  return Object.fromEntries(
    ours.map(({ type, inputs }) => {
      const kind = type.slice(type.lastIndexOf(":") + 1);
      return [kind.charAt(0).toLowerCase() + kind.slice(1), inputs?.__provider];
    }),
  );
}
