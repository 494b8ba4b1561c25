import path from "node:path";
import { MAY_SERVE_GIT, serveFolder, serveGit } from "../../support/asset-server";
import { describeLanguage, MADE, openPluginProject, type PluginProject, VERSION } from "../../support/plugin-project";

/** `pulumi package add` from elsewhere: no `plugin install`, and no plugin on PATH. */

const PROGRAM = `
const pm = require("pulumi-processmind-sdk");
new pm.Dataset("claims", { displayName: "Claims" });
`;

describeLanguage("nodejs", "npm")("package add", () => {
  const ends: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const end of ends.splice(0)) await end();
  });

  async function openProject(env: NodeJS.ProcessEnv = {}): Promise<PluginProject> {
    const allowed = { PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "false", ...env };
    const project = await openPluginProject({ files: { "index.js": PROGRAM }, isInstalled: false, env: allowed });
    ends.push(() => project.close());
    const dependencies = { "@pulumi/pulumi": "3.248.0" };
    await project.folder.write({ "package.json": JSON.stringify({ name: "demo", main: "index.js", dependencies }) });
    return project;
  }

  async function expectToRun(project: PluginProject): Promise<void> {
    expect(await project.up()).toMatchObject({ ok: true, changes: { created: 2 } });
    expect(project.emulator.state().datasets).toEqual([expect.objectContaining({ displayName: "Claims" })]);
    expect(await project.preview({ expectNoChanges: true })).toMatchObject({ ok: true, changeSummary: { same: 2 } });
  }

  test("takes the folder of the plugin", async () => {
    const project = await openProject();
    const folder = path.join(MADE, "processmind");
    await project.must("package", "add", folder);
    expect(await project.folder.read("Pulumi.yaml")).toContain(folder);
    await expectToRun(project);
  });

  test("takes the release assets of a server", async () => {
    const server = await serveFolder(MADE);
    ends.push(() => server.close());
    const project = await openProject();
    await project.must("package", "add", `processmind@${VERSION}`, "--server", server.url);
    await expectToRun(project);
  });

  (MAY_SERVE_GIT ? test : test.skip)("takes the tag of a git repository", async () => {
    const server = await serveGit(path.join(MADE, "processmind"), `v${VERSION}`);
    ends.push(() => server.close());
    const project = await openProject({ SSL_CERT_FILE: server.certificateFile });
    await project.must("package", "add", `${server.url}@v${VERSION}`);
    expect(await project.folder.read("Pulumi.yaml")).toContain("127.0.0.1/owner/processmind@v");
    await expectToRun(project);
  });
});
