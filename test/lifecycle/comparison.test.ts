import { openScene, TENANT } from "./scene";

/** What is left to Pulumi to compare, and what is not; and what a program marked as secret. */

const scene = openScene();
const SALES = { displayName: "Sales", tenantId: TENANT, treeNodeType: "Dataset" };

describe("a change", () => {
  it("is left to Pulumi to compare, which prints the changed inputs alone", async () => {
    const { inputs } = await scene.host.check("dataset", SALES, { ...SALES, timeoutSeconds: 60 });
    const diff = await scene.host.diff("dataset", "set-1", { ...SALES, adopted: false }, inputs);
    expect(diff).toEqual({ changes: undefined, replaces: [], deleteBeforeReplace: false });
  });

  it("of the state alone is answered, since Pulumi would find the inputs equal", async () => {
    const wanted = { ...SALES, timeoutSeconds: 90 };
    const { inputs } = await scene.host.check("dataset", wanted, wanted);
    const diff = await scene.host.diff("dataset", "set-1", { ...SALES, adopted: false }, inputs);
    expect(diff).toEqual({ changes: true, replaces: [], deleteBeforeReplace: false });
  });
});

describe("a secret input", () => {
  const secret = { ...SALES, displayName: "Project Nightingale", __secretInputs: ["displayName"] };

  it("is not printed when its change is rejected, the old value as little as the new one", async () => {
    const wanted = { ...secret, displayName: "Project Kingfisher" };
    const { failures } = await scene.host.check("dataset", secret, wanted);
    expect(failures).toEqual([
      { property: "displayName", reason: expect.stringContaining('cannot change displayName from "[secret]" to') },
    ]);
    expect(JSON.stringify(failures)).not.toMatch(/Nightingale|Kingfisher/);
  });

  it("is not printed in errors of requests", async () => {
    const { inputs } = await scene.host.check("dataset", {}, secret);
    await scene.host.create("dataset", inputs);
    await expect(scene.host.create("dataset", inputs)).rejects.toThrow(
      /^creating Dataset "\[secret\]": .*\(ALREADY_EXISTS\)/,
    );
  });

  it("is sent to ProcessMind and kept as it is", async () => {
    const { inputs } = await scene.host.check("dataset", {}, secret);
    expect(inputs).toEqual(secret);
    const { outputs } = await scene.host.create("dataset", inputs);
    expect(outputs).toMatchObject({ displayName: "Project Nightingale" });
    expect(scene.emulator.state().datasets).toMatchObject([{ displayName: "Project Nightingale" }]);
  });
});
