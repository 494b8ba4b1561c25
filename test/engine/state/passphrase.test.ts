import { createCipheriv, createDecipheriv, pbkdf2Sync } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createCrypter, openCrypter, passphraseFrom } from "../../../engine/state/passphrase";

/** Written apart from the code under test, after Pulumi's description of the format. */
const key = pbkdf2Sync("correct horse", Buffer.from("0102030405060708", "hex"), 1_000_000, 32, "sha256");

function seal(text: string, nonce: Buffer): string {
  const cipher = createCipheriv("aes-256-gcm", key, nonce);
  const data = cipher.update(text, "utf8", "hex") + cipher.final("hex") + cipher.getAuthTag().toString("hex");
  return `v1:${nonce.toString("base64")}:${Buffer.from(data, "hex").toString("base64")}`;
}

const SALT = `v1:AQIDBAUGBwg=:${seal("pulumi", Buffer.alloc(12, 7))}`;

describe("the passphrase secrets manager", () => {
  it("derives the key of a known passphrase and salt", () => {
    expect(key.toString("hex")).toBe("d9cbd9b1321cffbae3a5dbc3e3cc9df0a3e6afd70d928ca676c52bcc36d4accb");
  });

  it("opens what other code sealed with the same salt", async () => {
    const crypter = await openCrypter("correct horse", SALT, "Pulumi.dev.yaml");
    expect(crypter.decrypt(seal('"värde"', Buffer.alloc(12, 9)))).toBe('"värde"');
    expect(crypter.salt).toBe(SALT);
  });

  it("seals so that other code can open it, each time with a new nonce", async () => {
    const crypter = await openCrypter("correct horse", SALT, "Pulumi.dev.yaml");
    const [first, second] = [crypter.encrypt("text"), crypter.encrypt("text")];
    const [version, nonce = "", data = ""] = first.split(":");
    const bytes = Buffer.from(data, "base64");
    const decipher = createDecipheriv("aes-256-gcm", key, Buffer.from(nonce, "base64"));
    decipher.setAuthTag(bytes.subarray(-16));
    expect(version).toBe("v1");
    expect(Buffer.from(nonce, "base64")).toHaveLength(12);
    expect(decipher.update(bytes.subarray(0, -16), undefined, "utf8") + decipher.final("utf8")).toBe("text");
    expect(first).not.toBe(second);
  });

  it("makes a salt of eight bytes that proves the passphrase", async () => {
    const { salt } = await createCrypter("another");
    const [, bytes = ""] = salt.split(":");
    expect(salt).toMatch(/^v1:[A-Za-z0-9+/=]+:v1:[A-Za-z0-9+/=]+:[A-Za-z0-9+/=]+$/);
    expect(Buffer.from(bytes, "base64")).toHaveLength(8);
    await expect(openCrypter("another", salt, "the file")).resolves.toMatchObject({ salt });
  });

  it.each([
    ["a wrong passphrase", "wrong horse", SALT, "incorrect passphrase for Pulumi.dev.yaml"],
    ["a salt of another form", "correct horse", "v2:AQIDBAUGBwg=", "the encryption salt is not of the form"],
    ["a cut salt", "correct horse", SALT.slice(0, -8), "incorrect passphrase"],
  ])("refuses %s", async (_name, passphrase, salt, message) => {
    await expect(openCrypter(passphrase, salt, "Pulumi.dev.yaml")).rejects.toThrow(message);
  });

  it("refuses a ciphertext that was changed", async () => {
    const crypter = await openCrypter("correct horse", SALT, "Pulumi.dev.yaml");
    const sealed = crypter.encrypt("text");
    const changed = `${sealed.slice(0, -4)}${sealed.endsWith("AAA=") ? "BBB=" : "AAA="}`;
    expect(() => crypter.decrypt(changed)).toThrow();
    expect(() => crypter.decrypt("v1:only-two")).toThrow("not of the form");
  });
});

describe("where the passphrase comes from", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "passphrase-"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it("prefers the variable, even an empty one, and trims the file", () => {
    const file = join(folder, "passphrase");
    writeFileSync(file, "from file\n");
    expect(passphraseFrom({ PULUMI_CONFIG_PASSPHRASE: "", PULUMI_CONFIG_PASSPHRASE_FILE: file })).toBe("");
    expect(passphraseFrom({ PULUMI_CONFIG_PASSPHRASE_FILE: file })).toBe("from file");
  });

  it("says what to set when there is none, and which file cannot be read", () => {
    expect(() => passphraseFrom({})).toThrow(
      "passphrase must be set with PULUMI_CONFIG_PASSPHRASE or PULUMI_CONFIG_PASSPHRASE_FILE environment variables",
    );
    const missing = join(folder, "nothing");
    expect(() => passphraseFrom({ PULUMI_CONFIG_PASSPHRASE_FILE: missing })).toThrow(missing);
  });
});
