import { execFileSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import {
  describeLanguage,
  openPluginProject,
  PLUGIN,
  type PluginProject,
  packPackage,
  resourceIn,
} from "../../support/plugin-project";

/** From the npm package's dynamic provider to the plugin, over one state. */

const PROGRAM = `
const pulumi = require("@pulumi/pulumi");
const pm = require("pulumi-processmind");
const options = {};
const claims = new pm.Dataset("claims", { displayName: "Claims" }, options);
const events = new pm.Datatable("events", { datasetId: claims.id, displayName: "Events" }, options);
const at = { datasetId: claims.id, datatableId: events.id };
new pm.DatatableUpload("upload", { ...at, source: "claims.csv", triggers: [pulumi.secret("opensesame")] }, options);
`;
const PYTHON = `
import pulumi
import pulumi_processmind as pm
claims = pm.Dataset("claims", display_name="Claims")
events = pm.Datatable("events", dataset_id=claims.id, display_name="Events")
triggers = [pulumi.Output.secret("opensesame")]
pm.DatatableUpload("upload", dataset_id=claims.id, datatable_id=events.id, source="claims.csv", triggers=triggers)
`;
const ALL_SAME = { ok: true, changes: { unchanged: 4 } };

describeLanguage("nodejs", "npm")("a stack of the npm package", () => {
  let project: PluginProject;
  let exported: string;

  beforeAll(async () => {
    project = await openPluginProject({ files: { "index.js": PROGRAM, "claims.csv": "claim,activity\n1,filed\n" } });
    const home = project.env["PULUMI_HOME"] ?? "";
    const dependencies = { "@pulumi/pulumi": "3.248.0", "pulumi-processmind": `file:${packPackage(home)}` };
    await project.folder.write({ "package.json": JSON.stringify({ name: "demo", main: "index.js", dependencies }) });
    const options = { cwd: project.folder.directory };
    execFileSync("npm", ["install", "--no-audit", "--no-fund", "--ignore-scripts"], options);
    expect(await project.up()).toMatchObject({ ok: true, changes: { created: 4 } });
    exported = path.join(home, "before.json");
    await project.must("stack", "export", "--file", exported);
    await project.must("package", "add", PLUGIN);
  });
  beforeEach(async () => {
    await project.must("stack", "import", "--file", exported);
    project.requests();
  });
  afterAll(() => project?.close());

  const inNode = (options = "{}") =>
    project.folder.write({
      "index.js": PROGRAM.replace('"pulumi-processmind"', '"pulumi-processmind-sdk"').replace("{};", `${options};`),
    });

  test("is unchanged, without a request, when its program imports the generated SDK", async () => {
    await inNode();
    expect(await project.preview()).toMatchObject({ ok: true, changeSummary: { same: 4 } });
    expect(await project.up({ expectNoChanges: true })).toMatchObject(ALL_SAME);
    expect(project.requests()).toEqual([]);

    const refreshed = await project.refresh({ expectNoChanges: true });
    expect(refreshed).toMatchObject(ALL_SAME);
    expect(project.writes()).toEqual([]);
    expect(JSON.stringify(refreshed.state)).not.toContain("__provider");
    expect(resourceIn(refreshed.state, "claims").type).toBe("processmind:index:Dataset");
    expect(await project.up({ expectNoChanges: true })).toMatchObject(ALL_SAME);
  });

  test("is unchanged when its program moves to an explicit provider", async () => {
    await inNode('{ provider: new pm.Provider("ours", { timeoutSeconds: 60 }) }');
    expect(await project.up()).toMatchObject({ ok: true, changes: { created: 1, unchanged: 4 } });
    expect(project.requests()).toEqual([]);
    expect(await project.up({ expectNoChanges: true })).toMatchObject({ ok: true, changes: { unchanged: 5 } });
  });

  test("is deleted by the plugin", async () => {
    await inNode("{}");
    await project.edit("index.js", '"Claims"', '"Claims", forceDestroy: true');
    await project.edit("index.js", '"Events"', '"Events", forceDestroy: true');
    expect(await project.up()).toMatchObject({ ok: true, changes: { updated: 2, unchanged: 2 } });
    project.writes();
    // Planned only, since the tests share what they moved.
    const destroy = await project.command(["destroy", "--preview-only", "--stack=dev"]);
    expect(destroy.text).toMatch(/4 to delete/);
    expect(project.writes()).toEqual([]);
  });

  test("static get knows every output that ProcessMind reports, in previews too", async () => {
    const { datasets, datatables } = project.emulator.state();
    const { tenantId } = project.emulator;
    const [dataset, datatable] = [datasets[0], datatables[0]];
    const known = {
      Dataset: { displayName: "Claims", tenantId, createdAt: dataset?.createdAt, datatableCount: 1, adopted: false },
      Datatable: {
        datasetId: dataset?.id,
        displayName: "Events",
        tenantId,
        createdAt: datatable?.createdAt,
        rowCount: 1,
        columns: [expect.objectContaining({ name: "claim" }), expect.objectContaining({ name: "activity" })],
        adopted: false,
      },
    };
    const gets = Object.entries(known).map(([kind, outputs]) => {
      const id = kind === "Dataset" ? dataset?.id : datatable?.id;
      const exported = Object.keys(outputs).map((name) => `exports.${kind}_${name} = got.${name};`);
      return `{ const got = pm.${kind}.get("got${kind}", "${id}"); ${exported.join(" ")} }`;
    });
    await project.folder.write({
      "index.js": `const pm = require("pulumi-processmind-sdk");\n${gets.join("\n")}`,
    });
    await project.must("stack", "import", "--file", emptyStack(project));
    const preview = await project.must("preview");
    expect(preview.text).not.toContain("[unknown]");
    expect(preview.text).toContain("Dataset_createdAt");
    expect(await project.up()).toMatchObject({ ok: true, changes: { created: 1 } });
    const outputs = await project.outputs();
    for (const [kind, expected] of Object.entries(known)) {
      const own = Object.entries(outputs).filter(([name]) => name.startsWith(`${kind}_`));
      const found = Object.fromEntries(own.map(([name, value]) => [name.slice(kind.length + 1), value]));
      expect(found).toEqual(expected);
    }
    expect(project.writes()).toEqual([]);
  });

  // Last: its SDK takes the place of the one for Node.
  describeLanguage("python", "python3")("and a Python program", () => {
    test("is unchanged, without a request, when the program has the same names", async () => {
      const virtualenv = path.join(project.env["PULUMI_HOME"] ?? "", "venv");
      const runtime = { name: "python", options: { toolchain: "pip", virtualenv } };
      await project.folder.write({
        "Pulumi.yaml": JSON.stringify({ name: "demo", runtime }),
        "requirements.txt": "pulumi>=3.231.0,<4.0.0\n",
        "__main__.py": PYTHON,
      });
      await project.must("package", "add", PLUGIN);
      expect(await project.preview()).toMatchObject({ ok: true, changeSummary: { same: 4 } });
      expect(await project.up({ expectNoChanges: true })).toMatchObject(ALL_SAME);
      expect(project.requests()).toEqual([]);
    });
  });
});

/** A state without resources, so that no test sees what another left. */
function emptyStack(project: PluginProject): string {
  const file = path.join(project.env["PULUMI_HOME"] ?? "", "empty.json");
  const deployment = { manifest: { time: "2026-01-01T00:00:00Z", magic: "", version: "" } };
  fs.writeFileSync(file, JSON.stringify({ version: 3, deployment }));
  return file;
}
