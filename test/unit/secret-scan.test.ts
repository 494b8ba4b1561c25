import fs from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { newTestKey, secretsIn, secretsUnder } from "../support/secret-scan";

describe("the search for secrets", () => {
  it.each([
    ["an API key", () => `{"key": "${newTestKey()}"}`, ["an API key"]],
    [
      "a presigned address",
      () => "http://s/key?X-Amz-Credential=a%2Fb&x-amz-signature=ab",
      ["a signature", "a credential"],
    ],
    ["a header", () => "x-amz-signature: ab", ["a signature"]],
    ["what is no secret", () => "PUT http://s/key?[removed] with [secret]", []],
  ])("finds %s", (_what, text, found) => {
    expect(secretsIn(text())).toEqual(found);
  });

  it("names the files of a folder that hold some, and follows no links", async () => {
    const folder = await fs.mkdtemp(path.join(os.tmpdir(), "secret-scan-"));
    const key = newTestKey();
    await fs.mkdir(path.join(folder, "project", "state"), { recursive: true });
    await fs.writeFile(path.join(folder, "project", "state", "dev.json"), `{"a":"${key}"}`);
    await fs.writeFile(path.join(folder, "project", "clean.txt"), "nothing");
    await fs.writeFile(path.join(folder, "elsewhere"), key);
    await fs.symlink(path.join(folder, "elsewhere"), path.join(folder, "project", "link"));
    expect(await secretsUnder(path.join(folder, "project"))).toEqual([`${path.join("state", "dev.json")}: an API key`]);
    await fs.rm(folder, { recursive: true });
  });
});
