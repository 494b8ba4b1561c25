import { describeLanguage, openPluginProject, type PluginProject } from "../../support/plugin-project";

/** Objects that another client made: `pulumi import`, static `get`, and the schema. */

const CREATED_AT = "2026-01-02T03:04:05.000Z";
const EMPTY = "name: demo\nruntime: yaml\n";

describeLanguage("yaml", undefined)("the plugin on Pulumi's CLI", () => {
  let project: PluginProject;
  beforeEach(async () => {
    project = await openPluginProject({ files: { "Pulumi.yaml": EMPTY } });
    await project.emulator.change((state) => {
      const place = { treeNodeType: "Dataset" as const, treeParentId: null };
      state.datasets.push({ id: "set-1", displayName: "Sales", createdAt: CREATED_AT, ...place });
      state.datatables.push({ id: "table-1", datasetId: "set-1", displayName: "Orders", createdAt: CREATED_AT });
    });
  });
  afterEach(() => project?.close());

  /** Imports, and puts the code that Pulumi proposes into the program. */
  async function imported(token: string, name: string, id: string) {
    const code = `${name}.yaml`;
    const run = await project.command(["import", token, name, id, "--yes", "--skip-preview", "--out", code]);
    expect({ ok: run.ok, text: run.ok ? "" : run.text }).toEqual({ ok: true, text: "" });
    expect(run.text).toMatch(/1 imported/);
    expect(run.text).not.toMatch(/warning/i);
    return (await project.folder.read(code)).replace(/^resources:\n/, "");
  }

  test("imports a dataset and a datatable, and their code is unchanged", async () => {
    const dataset = await imported("processmind:index:Dataset", "sales", "set-1");
    const id = `${project.emulator.tenantId}/table-1`;
    const datatable = await imported("processmind:index:Datatable", "orders", id);
    await project.folder.write({ "Pulumi.yaml": `${EMPTY}resources:\n${dataset}${datatable}` });
    expect(await project.preview({ expectNoChanges: true })).toMatchObject({ ok: true, changeSummary: { same: 3 } });
    expect(await project.up({ expectNoChanges: true })).toMatchObject({ ok: true });
    expect(project.writes()).toEqual([]);
  });

  test("rejects the import of an upload in one sentence", async () => {
    const run = await project.command(["import", "processmind:index:DatatableUpload", "orders", "table-1", "--yes"]);
    expect(run.ok).toBe(false);
    expect(run.text).toContain("A DatatableUpload has nothing to import: declare it, and `pulumi up` sends its file.");
  });

  test("passes Pulumi's own check of its schema", async () => {
    const schema = await project.must("package", "get-schema", "processmind");
    await project.folder.write({ "schema.json": schema.stdout });
    const checked = await project.must("schema", "check", "schema.json");
    expect(checked.text).not.toMatch(/error/i);
  });
});
