import { createHash } from "node:crypto";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { SECRET, SIGNATURE, type Snapshot } from "../../../engine/model";
import { type Deployment, formatExport, manifestOf, parseExport, saltOf } from "../../../engine/state/checkpoint";
import type { Crypter } from "../../../engine/state/passphrase";
import { hasCiphertext, SnapshotCodec, withPlaintext } from "../../../engine/state/snapshot-codec";
import { StackStore } from "../../../engine/state/stack-store";

/** Counts, so that a second encryption of one value shows. */
function countingCrypter(): Crypter {
  let count = 0;
  return {
    salt: "v1:salt",
    encrypt: (text) => `v1:${++count}:${Buffer.from(text).toString("base64")}`,
    decrypt: (text) => Buffer.from(text.split(":")[2] ?? "", "base64").toString("utf8"),
  };
}

const URN = "urn:pulumi:dev::shop::pulumi-nodejs:dynamic/processmind:Dataset::orders";

function snapshot(token: string): Snapshot {
  return {
    resources: [
      {
        urn: URN,
        custom: true,
        type: "pulumi-nodejs:dynamic/processmind:Dataset",
        id: "d-1",
        inputs: { name: "Orders", token: { [SIGNATURE]: SECRET, value: token } },
        outputs: { list: [{ deep: { [SIGNATURE]: SECRET, value: { pair: [1, null, "x"] } } }], rows: 3 },
        protect: true,
        dependencies: [],
        propertyDependencies: { name: [] },
        created: "2026-01-02T03:04:05.000Z",
      },
      { urn: `${URN}2`, custom: true, type: "t:t:T", id: "d-2", delete: true, initErrors: ["half"] },
    ],
    pendingOperations: [{ type: "creating", resource: { urn: `${URN}3`, custom: true, type: "t:t:T" } }],
  };
}

function deploymentOf(codec: SnapshotCodec, value: Snapshot): Deployment {
  return {
    manifest: manifestOf("v1.2.3", new Date("2026-01-02T03:04:05Z")),
    secrets_providers: { type: "passphrase", state: { salt: "v1:salt" } },
    ...codec.encode(value),
    metadata: {},
  };
}

describe("the snapshot in a checkpoint", () => {
  it("comes back as it was, its secrets encrypted on the way", () => {
    const codec = new SnapshotCodec(countingCrypter());
    const text = formatExport(deploymentOf(codec, snapshot("s3cret")));
    expect(text).not.toContain("s3cret");
    expect(JSON.parse(text).deployment.resources[0].inputs.token).toEqual({
      [SIGNATURE]: SECRET,
      ciphertext: `v1:1:${Buffer.from('"s3cret"').toString("base64")}`,
    });
    const read = new SnapshotCodec(countingCrypter()).decode(parseExport(text, "the export"));
    expect(read).toEqual(snapshot("s3cret"));
  });

  it("keeps the ciphertext of a secret that did not change, and only of that", () => {
    const first = new SnapshotCodec(countingCrypter());
    const before = deploymentOf(first, snapshot("one"));
    const codec = new SnapshotCodec(countingCrypter());
    codec.decode(before);
    expect(codec.encode(snapshot("one")).resources).toEqual(before.resources);
    const after = codec.encode(snapshot("two"));
    expect(after.resources[0]?.outputs).toEqual(before.resources?.[0]?.outputs);
    expect(after.resources[0]?.inputs).not.toEqual(before.resources?.[0]?.inputs);
  });

  it("shows secrets as plaintext where that is asked for, and reads that form back", () => {
    const shown = withPlaintext(snapshot("s3cret"));
    expect(shown.resources[0]?.inputs?.["token"]).toEqual({ [SIGNATURE]: SECRET, plaintext: '"s3cret"' });
    const codec = new SnapshotCodec(countingCrypter());
    const deployment = { ...deploymentOf(codec, snapshot("x")), ...shown };
    expect(hasCiphertext(deployment)).toBe(false);
    expect(codec.decode(deployment)).toEqual(snapshot("s3cret"));
  });

  it("names the place of a secret it cannot read", () => {
    const crypter: Crypter = {
      ...countingCrypter(),
      decrypt: () => {
        throw new Error("unable to authenticate data");
      },
    };
    const deployment = deploymentOf(new SnapshotCodec(countingCrypter()), snapshot("x"));
    expect(hasCiphertext(deployment)).toBe(true);
    expect(() => new SnapshotCodec(crypter).decode(deployment)).toThrow(
      "the secret at orders d-1 inputs.token cannot be decrypted: unable to authenticate data",
    );
  });

  it("says who wrote it, with the magic Pulumi checks", () => {
    expect(manifestOf("v1.2.3", new Date(0))).toEqual({
      time: "1970-01-01T00:00:00.000Z",
      magic: createHash("sha256").update("v1.2.3").digest("hex"),
      version: "v1.2.3",
    });
  });

  it("refuses a secrets provider it does not have", () => {
    const deployment = { ...deploymentOf(new SnapshotCodec(countingCrypter()), snapshot("x")) };
    expect(saltOf(deployment, "f")).toBe("v1:salt");
    expect(() => saltOf({ ...deployment, secrets_providers: { type: "cloud" } }, "f")).toThrow(
      'f: the secrets provider "cloud" is not supported.',
    );
  });
});

describe("the state file", () => {
  let folder: string;
  let store: StackStore;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "store-"));
    store = new StackStore(folder, "shop");
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const codec = new SnapshotCodec(countingCrypter());

  it("is Pulumi's file-backend form, with the state before this process as backup", async () => {
    await store.write("dev", deploymentOf(codec, { resources: [], pendingOperations: [] }));
    expect(existsSync(`${store.path("dev")}.bak`)).toBe(false);
    const later = new StackStore(folder, "shop");
    await later.write("dev", deploymentOf(codec, snapshot("one")));
    await later.write("dev", deploymentOf(codec, snapshot("two")));
    const file = JSON.parse(readFileSync(store.path("dev"), "utf8"));
    expect(store.path("dev")).toBe(join(folder, "stacks", "shop", "dev.json"));
    expect(file).toMatchObject({ version: 3, checkpoint: { stack: "organization/shop/dev" } });
    expect(file.checkpoint.latest.resources).toHaveLength(2);
    expect(JSON.parse(readFileSync(`${store.path("dev")}.bak`, "utf8")).checkpoint.latest.resources).toEqual([]);
    expect(await store.list()).toEqual(["dev"]);
  });

  it("is absent for a stack that does not exist", async () => {
    expect(await store.read("dev")).toBeUndefined();
    expect(await store.list()).toEqual([]);
  });

  it("is read when a new stack has nothing in it yet", async () => {
    await put(store.path("dev"), '{"version":3,"checkpoint":{"stack":"organization/shop/dev"}}');
    expect((await store.read("dev"))?.resources).toEqual([]);
  });

  it.each([
    ["cut in half", (text: string) => text.slice(0, text.length / 2), "not complete JSON"],
    ["empty", () => "", "not complete JSON"],
    ["of version 4", (text: string) => text.replace('"version": 3', '"version": 4'), "has state version 4"],
    ["not an object", () => "[]", "not a JSON object"],
    ["without a checkpoint", () => '{"version":3}', "has no checkpoint"],
    ["with a broken entry", (text: string) => text.replaceAll('"urn"', '"nru"'), "resource 0 has no urn"],
    [
      "with a broken pending operation",
      () => '{"version":3,"checkpoint":{"latest":{"pending_operations":[{"type":"creating"}]}}}',
      "pending operation 0 has no urn",
    ],
  ])("is refused and left alone when it is %s", async (_name, change, reason) => {
    await store.write("dev", deploymentOf(codec, snapshot("x")));
    const text = change(readFileSync(store.path("dev"), "utf8"));
    await put(store.path("dev"), text);
    await expect(store.read("dev")).rejects.toThrow(reason);
    await expect(store.read("dev")).rejects.toThrow(store.path("dev"));
    expect(readFileSync(store.path("dev"), "utf8")).toBe(text);
  });
});

async function put(file: string, text: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  writeFileSync(file, text);
}
