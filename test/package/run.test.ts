import { spawn } from "node:child_process";
import { once } from "node:events";
import fs from "node:fs/promises";
import path from "node:path";
import * as ts from "typescript";
import { newTestKey, secretsIn, secretsUnder } from "../support/secret-scan";
import { SHELLS } from "../support/tenant-stack";
import { NAMES, type PackageName, PackedProject, run } from "./packed";

const PROGRAM = `
import { Dataset, Datatable, DatatableUpload } from "pulumi-processmind";
const sales = new Dataset("sales", { displayName: "Sales", forceDestroy: true });
const orders = new Datatable("orders", { datasetId: sales.id, displayName: "Orders", forceDestroy: true });
const upload = new DatatableUpload("orders", { datasetId: sales.id, datatableId: orders.id, source: "orders.csv" });
export const sizeBytes = upload.sizeBytes;
`;

/** The packages as npm would publish them, in an ESM project. */
describe("the packed packages, installed elsewhere,", () => {
  let project: PackedProject;

  beforeAll(async () => {
    project = await PackedProject.make(NAMES);
    await project.write("package.json", JSON.stringify({ name: "shop", type: "module" }));
    await project.write("Pulumi.yaml", "name: shop\nruntime: nodejs\n");
    await project.write("orders.csv", "id\n1\n2\n");
    await project.write("index.js", PROGRAM);
  });
  afterAll(() => project.remove());

  it.each<[string, ts.CompilerOptions]>([
    ["node10", { moduleResolution: ts.ModuleResolutionKind.Node10 }],
    ["node16", { moduleResolution: ts.ModuleResolutionKind.Node16, module: ts.ModuleKind.Node16 }],
    ["bundler", { moduleResolution: ts.ModuleResolutionKind.Bundler, module: ts.ModuleKind.ESNext }],
  ])("have types for their entry points where moduleResolution is %s", (_name, options) => {
    const program = path.join(project.folder, "index.ts");
    const typesOf = (specifier: string) =>
      ts.resolveModuleName(specifier, program, options, ts.sys).resolvedModule?.resolvedFileName;
    expect(["pulumi-processmind", "pulumi-processmind/lifecycle", "processmind-emulator"].map(typesOf)).toEqual([
      project.file("pulumi-processmind", "dist/provider/index.d.ts"),
      project.file("pulumi-processmind", "dist/provider/lifecycle.d.ts"),
      project.file("processmind-emulator", "dist/emulator/index.d.ts"),
    ]);
  });

  it("load from CommonJS by their entry points, and from no other path", async () => {
    const script = `
      const names = (specifier) => Object.keys(require(specifier)).sort();
      const entries = ["pulumi-processmind", "pulumi-processmind/lifecycle", "processmind-emulator"].map(names);
      const closed = ["pulumi-processmind/dist/provider/shell.js", "pulumi-processmind/emulator", "pulumi-offline"].map((specifier) => {
        try { require(specifier); } catch (error) { return error.code; }
      });
      const { getDatasets, ProcessMindError } = require("pulumi-processmind");
      getDatasets({ tenantId: " " }).catch((error) => {
        const thrown = error instanceof ProcessMindError && error.code;
        console.log(JSON.stringify({ entries, closed, thrown }));
      });`;
    const env = { ...process.env, PROCESSMIND_TENANT_ID: "" };
    const { stdout } = await run(process.execPath, ["-e", script], { cwd: project.folder, env });
    expect(JSON.parse(stdout)).toEqual({
      entries: [
        expect.arrayContaining(["Dataset", "Datatable", "DatatableUpload"]),
        ["dataset", "datatable", "datatableUpload"],
        expect.arrayContaining(["startEmulator"]),
      ],
      closed: Array(3).fill("ERR_PACKAGE_PATH_NOT_EXPORTED"),
      thrown: "CONFIG_MISSING",
    });
  });

  it.each<[PackageName, string[]]>([
    ["processmind-emulator", ["--version"]],
    ["pulumi-offline", ["--version"]],
    ["processmind-review", ["--version"]],
  ])("tell the version of %s", async (name, args) => {
    const { stdout } = await run(process.execPath, [project.bin(name), ...args], { cwd: project.folder });
    expect(stdout).toContain(project.of(name).manifest.version);
    expect(await fs.readFile(project.bin(name), "utf8")).toMatch(/^#!\/usr\/bin\/env node\n/);
  });

  it("run a program against the emulator by the local engine, from preview to destroy", async () => {
    const options = ["--port=0", "--storage-port=0", `--api-key=${newTestKey()}`];
    const emulator = spawn(process.execPath, [project.bin("processmind-emulator"), ...options], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    try {
      const env = await variablesOf(emulator);
      const engine = async (...args: string[]) => {
        const command = [project.bin("pulumi-offline"), ...args];
        const { stdout, stderr } = await run(process.execPath, command, { cwd: project.folder, env });
        expect(secretsIn(stdout + stderr)).toEqual([]);
        expect(await secretsUnder(project.folder)).toEqual([]);
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

  it("review two files", async () => {
    await project.write("old.csv", "case,activity,time\n1,Start,2025-01-01\n");
    await project.write("new.csv", "case,activity,time\n1,Start,2025-01-01\n1,End,2025-01-02\n2,Start,2025-01-03\n");
    const columns = ["--case-id=case", "--activity=activity", "--timestamp=time"];
    const args = [project.bin("processmind-review"), "--from=old.csv", "--to=new.csv", ...columns];
    const { stdout, stderr } = await run(process.execPath, args, { cwd: project.folder });
    expect(stderr).toBe("");
    expect(stdout).toMatch(/^\| \**cases\** \| 1 \| 2 \|/m);
  });
});

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
