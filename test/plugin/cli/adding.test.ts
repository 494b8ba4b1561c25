import path from "node:path";
import { describeLanguage, MADE, openPluginProject, type PluginProject } from "../../support/plugin-project";

/** `pulumi package add` of a folder: no `plugin install`, and no plugin on PATH. */

const PROGRAM = `
const pm = require("pulumi-processmind-sdk");
new pm.Dataset("claims", { displayName: "Claims" });
`;

describeLanguage("nodejs", "npm")("the folder of the plugin", () => {
  let project: PluginProject;
  afterEach(() => project?.close());

  test("is added to a project, and runs its programs", async () => {
    project = await openPluginProject({ files: { "index.js": PROGRAM }, isInstalled: false });
    const dependencies = { "@pulumi/pulumi": "3.248.0" };
    await project.folder.write({ "package.json": JSON.stringify({ name: "demo", main: "index.js", dependencies }) });
    const folder = path.join(MADE, "processmind");
    await project.must("package", "add", folder);
    expect(await project.folder.read("Pulumi.yaml")).toContain(folder);
    expect(await project.up()).toMatchObject({ ok: true, changes: { created: 2 } });
    expect(project.emulator.state().datasets).toEqual([expect.objectContaining({ displayName: "Claims" })]);
    expect(await project.preview({ expectNoChanges: true })).toMatchObject({ ok: true, changeSummary: { same: 2 } });
  });
});
