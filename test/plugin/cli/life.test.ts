import { describeLanguage, openPluginProject, PLUGIN, type PluginProject } from "../../support/plugin-project";

/** The whole life of the quickstarts, as their READMEs have it. */

/** What makes an example in a language ready to run, and lets its two objects be deleted with their data. */
interface Language {
  host: string;
  command?: string;
  prepare(project: PluginProject): Promise<void>;
  forceDestroy: [file: string, from: string, to: string][];
}

const LANGUAGES: { [name: string]: Language } = {
  yaml: {
    host: "yaml",
    prepare: async () => undefined,
    forceDestroy: [
      ["Pulumi.yaml", "displayName: Claims (YAML)", "displayName: Claims (YAML)\n      forceDestroy: true"],
      ["Pulumi.yaml", "displayName: Events", "displayName: Events\n      forceDestroy: true"],
    ],
  },
  python: {
    host: "python",
    command: "python3",
    async prepare(project) {
      // Outside the project, whose every file is searched for secrets after each run.
      await project.edit("Pulumi.yaml", "virtualenv: venv", `virtualenv: ${project.env["PULUMI_HOME"]}/venv`);
      await project.must("package", "add", PLUGIN);
    },
    forceDestroy: [
      ["__main__.py", 'display_name="Claims (Python)"', 'display_name="Claims (Python)", force_destroy=True'],
      ["__main__.py", 'display_name="Events"', 'display_name="Events", force_destroy=True'],
    ],
  },
  go: {
    host: "go",
    command: "go",
    prepare: async (project) => void (await project.must("package", "add", PLUGIN)),
    forceDestroy: [
      ["main.go", 'pulumi.String("Claims (Go)"),', 'pulumi.String("Claims (Go)"),\nForceDestroy: pulumi.Bool(true),'],
      ["main.go", 'pulumi.String("Events"),', 'pulumi.String("Events"),\nForceDestroy: pulumi.Bool(true),'],
    ],
  },
};

describe.each(Object.entries(LANGUAGES))("the quickstart in %s", (name, { host, command, prepare, forceDestroy }) => {
  describeLanguage(host, command)("on Pulumi's CLI", () => {
    let project: PluginProject;
    beforeAll(async () => {
      project = await openPluginProject({ example: `plugin/${name}`, project: `processmind-${name}` });
      await prepare(project);
    });
    afterAll(() => project?.close());

    test("is created, unchanged, updated, unchanged, and deleted once forceDestroy is applied", async () => {
      expect(await project.up()).toMatchObject({ ok: true, changes: { created: 4 } });
      expect(project.emulator.state().datasets).toHaveLength(1);
      expect(await project.preview({ expectNoChanges: true })).toMatchObject({ ok: true, changeSummary: { same: 4 } });

      const claims = await project.folder.read("data/claims.csv");
      await project.folder.write({ "data/claims.csv": `${claims}CL-3,Claim filed,2025-01-16T09:00:00Z,portal\n` });
      expect(await project.up()).toMatchObject({ ok: true, changes: { updated: 1, unchanged: 3 } });
      expect((await project.outputs())["change"]).toBe("appended 1 row, all earlier bytes unchanged");
      const unchanged = { ok: true, changes: { unchanged: 4 } };
      expect(await project.up({ expectNoChanges: true })).toMatchObject(unchanged);
      expect(await project.refresh({ expectNoChanges: true })).toMatchObject(unchanged);

      for (const [file, from, to] of forceDestroy) await project.edit(file, from, to);
      expect(await project.up()).toMatchObject({ ok: true, changes: { updated: 2, unchanged: 2 } });
      expect(await project.destroy()).toMatchObject({ ok: true, changes: { deleted: 4 } });
      expect(project.emulator.state().datasets).toEqual([]);
    });

    test("keeps what holds rows when forceDestroy was not applied", async () => {
      for (const [file, from, to] of forceDestroy) await project.edit(file, to, from);
      expect(await project.up()).toMatchObject({ ok: true, changes: { created: 4 } });
      const kept = await project.destroy();
      expect(kept.ok).toBe(false);
      expect(kept.text).toContain("forceDestroy: true");
      expect(project.emulator.state().datasets).toHaveLength(1);
    });
  });
});
