import fs from "node:fs/promises";
import { describeEngine, openStack } from "../support/engine-driver";
import { entry, HEAD } from "./engine-scenario";

const CIPHERTEXT = {
  "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
  ciphertext: expect.stringMatching(/^v1:/),
};

describeEngine("engine: secrets and configuration", () => {
  it("keeps secrets encrypted in the state, plain for the provider, hidden in what it prints", async () => {
    const stack = await openStack(`${HEAD}
      const a = new Thing("a", { secret: pulumi.secret("opensesame"), parts: [pulumi.secret({ deep: "opensesame" })] });
      const b = new Thing("b", { value: a.secret });
      exports.secret = b.value;
      exports.plain = pulumi.unsecret(a.serial);`);
    const preview = await stack.preview();
    expect(preview.text).not.toContain("opensesame");
    expect(preview.text).toContain("[secret]");
    const detailed = await stack.previewText({ diff: true });
    expect(detailed.text).not.toContain("opensesame");

    const run = await stack.up();
    expect(run.ok).toBe(true);
    expect(run.text).not.toContain("opensesame");
    expect(entry(run, "a")).toMatchObject({
      inputs: { secret: CIPHERTEXT, parts: CIPHERTEXT },
      outputs: { secret: CIPHERTEXT, shadow: "shadow of opensesame", parts: CIPHERTEXT },
    });
    expect(entry(run, "b")).toMatchObject({ inputs: { value: CIPHERTEXT }, outputs: { value: CIPHERTEXT } });
    const [call] = await stack.cloud.calls("create");
    expect(call?.properties).toMatchObject({ secret: "opensesame", parts: [{ deep: "opensesame" }] });
    expect(await stack.outputs()).toEqual({ secret: "[secret]", plain: 1 });
    expect(await stack.outputs({ showSecrets: true })).toEqual({ secret: "opensesame", plain: 1 });

    // Decrypted, since engines may encrypt anew what did not change.
    const before = await stack.exportStack({ showSecrets: true });
    const again = await stack.up({ expectNoChanges: true });
    expect(again.ok).toBe(true);
    expect(entry(again, "a").outputs).toMatchObject({ secret: CIPHERTEXT, parts: CIPHERTEXT });
    const after = await stack.exportStack({ showSecrets: true });
    expect(after.resources?.map(({ outputs }) => outputs)).toEqual(before.resources?.map(({ outputs }) => outputs));
  });

  it("additionalSecretOutputs: encrypts outputs that no input made secret", async () => {
    const stack = await openStack(`${HEAD}
      const a = new Thing("a", { secret: pulumi.secret("opensesame") }, { additionalSecretOutputs: ["shadow"] });
      exports.shadow = a.shadow;`);
    const run = await stack.up();
    expect(entry(run, "a")).toMatchObject({ outputs: { shadow: CIPHERTEXT, serial: 1 } });
    expect(await fs.readFile(stack.stateFile, "utf8")).not.toContain("opensesame");
    expect(await stack.outputs()).toEqual({ shadow: "[secret]" });
  });

  it("gives program and provider the configuration, and encrypts its secrets", async () => {
    const stack = await openStack(`${HEAD}
      const config = new pulumi.Config();
      new Thing("a", { value: config.require("plain"), secret: config.requireSecret("token") });
      exports.missing = config.get("nothing") ?? "none";`);
    await stack.setConfig("plain", "1 & 2: three");
    await stack.setConfig("token", "opensesame", { secret: true });
    await stack.setConfig("region", "north");
    const run = await stack.up();
    expect(run.ok).toBe(true);
    expect(entry(run, "a")).toMatchObject({
      inputs: { value: "1 & 2: three", secret: CIPHERTEXT },
      outputs: { region: "north" },
    });
    expect(entry(run, "default").inputs).toMatchObject({ "demo:plain": "1 & 2: three", "demo:token": CIPHERTEXT });
    expect(await stack.folder.read("Pulumi.dev.yaml")).not.toContain("opensesame");
    expect(await stack.outputs()).toEqual({ missing: "none" });
  });

  it("fails a program that misses a value it requires", async () => {
    const stack = await openStack(`${HEAD} new pulumi.Config().require("plain"); new Thing("a");`);
    const run = await stack.up();
    expect(run.ok).toBe(false);
    expect(run.text).toContain("demo:plain");
    expect(await stack.cloud.news()).toEqual([]);
  });
});
