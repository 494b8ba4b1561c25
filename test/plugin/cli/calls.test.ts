import path from "node:path";
import { inOrder, isRecording, record, recorded } from "../../support/cli-recording";
import type { EngineRun } from "../../support/engine-driver";
import { callReader, type RecordedCall } from "../../support/grpc-recording";
import { describeLanguage, openPluginProject, type PluginProject } from "../../support/plugin-project";
import { type RecordedRun, replayedFiles } from "../replayed";

/** The calls that Pulumi's engine makes to the plugin in a stack's life are those that ../replay.test.ts plays. */

describeLanguage("yaml", undefined)("Pulumi's engine", () => {
  let project: PluginProject;
  afterEach(() => project?.close());

  test("makes the calls that are recorded", async () => {
    const first = replayedFiles("create");
    project = await openPluginProject({ files: first });
    const read = callReader();
    const runs: RecordedRun[] = [];
    const run = async (name: string, args: string[], isOk = true) => {
      await project.folder.write(replayedFiles(name));
      const log = path.join(project.env["PULUMI_HOME"] ?? "", `${name.replaceAll(" ", "-")}.log`);
      const done: EngineRun = await project.command([...args, "--parallel=1"], { PULUMI_DEBUG_GRPC: log });
      expect({ name, ok: done.ok, text: done.ok === isOk ? "" : done.text }).toEqual({ name, ok: isOk, text: "" });
      runs.push({ name, calls: read(log) });
    };
    const up = ["up", "--yes", "--skip-preview"];
    await run("preview", ["preview"]);
    await run("create", up);
    await run("append", up);
    await run("unchanged", up);
    await run("refresh", ["refresh", "--yes", "--skip-preview"]);
    await run("mistake", ["preview"], false);
    await run("conflict", up, false);
    await run("replace", up);
    await run("look up", up);
    await run("destroy", ["destroy", "--yes", "--skip-preview"]);

    if (isRecording()) record("plugin-calls", "runs", runs);
    expect(runs.map(unordered)).toEqual((recorded("plugin-calls").printed["runs"] as RecordedRun[]).map(unordered));
  });
});

/** Resources that do not need each other are handled in any order. */
function unordered({ name, calls }: RecordedRun): { name: string; calls: string[] } {
  const texts = calls.map(({ method, request }: RecordedCall) => `${method} ${JSON.stringify(request, inOrder)}`);
  return { name, calls: texts.map((text) => text.replaceAll(/<(id|time) \d+>/g, "<$1>")).sort() };
}
