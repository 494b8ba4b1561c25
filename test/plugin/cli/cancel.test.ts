import { describeLanguage, openPluginProject, type PluginProject, resourceIn } from "../../support/plugin-project";
import { untilPut } from "../../support/until-put";

/** Ctrl-C in an upload by the plugin, as Pulumi's CLI passes it on. */

const LARGE = `case_id,activity\n${"1,a rather long name of an activity\n".repeat(400_000)}`;
const SMALL = "case_id,activity\n1,start\n1,end\n";
const PROGRAM = `
name: demo
runtime: yaml
resources:
  claims: { type: processmind:Dataset, properties: { displayName: Claims } }
  events: { type: processmind:Datatable, properties: { datasetId: "$\{claims.id}", displayName: Events } }
  upload:
    type: processmind:DatatableUpload
    properties: { datasetId: "$\{claims.id}", datatableId: "$\{events.id}", source: rows.csv, waitForRowsSeconds: 600 }
`;

describeLanguage("yaml", undefined)("a run of the plugin that is cancelled in an upload", () => {
  let project: PluginProject;
  const open = async (rows: string) => {
    project = await openPluginProject({ files: { "Pulumi.yaml": PROGRAM, "rows.csv": rows } });
    project.emulator.setBehaviour({ uploadMode: "append" });
  };
  afterEach(() => project?.close());

  const puts = () => project.emulator.journal().filter(({ route }) => route === "storage.put");

  /** Starts an `up`, presses Ctrl-C once this holds of a request to storage, and waits for the end. */
  async function cancelledOnce(holds: (receivedBytes: number, isStored: boolean) => boolean) {
    const running = project.startUp();
    await untilPut(running, project.emulator, holds);
    running.kill("SIGINT");
    return running.ended;
  }

  test("records the file when all of it was sent, and does not send it again", async () => {
    await open(SMALL);
    project.emulator.setBehaviour({ ingestion: "never" });
    const cancelled = await cancelledOnce((_, isStored) => isStored);
    expect(cancelled.ok).toBe(false);
    expect(cancelled.state?.pending_operations ?? []).toEqual([]);
    expect(resourceIn(cancelled.state, "upload").outputs).toMatchObject({ rows: 2 });

    project.emulator.setBehaviour({ ingestion: "works" });
    expect(await project.up()).toMatchObject({ ok: true, changes: { unchanged: 4 } });
    expect(puts()).toHaveLength(1);
  });

  test("leaves no pending operation when the file is being sent, and the next run sends or keeps it once", async () => {
    await open(LARGE);
    project.emulator.setFaults([{ kind: "slow-read", pauseMs: 20, match: { route: "storage.put" } }]);
    const cancelled = await cancelledOnce((receivedBytes) => receivedBytes > 0);
    expect(cancelled.ok).toBe(false);
    expect(cancelled.state?.pending_operations ?? []).toEqual([]);

    project.emulator.setFaults([]);
    expect(await project.up()).toMatchObject({ ok: true });
    await project.emulator.settled();
    expect(puts().filter(({ committed }) => committed)).toHaveLength(1);
    expect(project.emulator.state().datatables[0]).toMatchObject({ rowCount: 400_000 });
  });
});
