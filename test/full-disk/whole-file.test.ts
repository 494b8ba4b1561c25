import { readdirSync, readFileSync, readlinkSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { emptyDeployment } from "../../engine/state/checkpoint";
import { StackStore } from "../../engine/state/stack-store";
import { writeWhole } from "../../engine/whole-file";
import { eachTestInFolder } from "../support/temp-folder";

let folder: string;
let file: string;
eachTestInFolder("whole-file-", (made) => {
  [folder, file] = [made, path.join(made, "state.json")];
});

const onUnix = process.platform === "win32" ? test.skip : test;

onUnix("keeps the mode of an existing file", async () => {
  writeFileSync(file, "old", { mode: 0o640 });
  await writeWhole(file, "new", 0o600);
  expect([readFileSync(file, "utf8"), statSync(file).mode & 0o777]).toEqual(["new", 0o640]);
});

onUnix("keeps a link and replaces the file it leads to", async () => {
  const link = path.join(folder, "link.json");
  writeFileSync(file, "old");
  symlinkSync(file, link);
  await writeWhole(link, "new");
  expect([readFileSync(file, "utf8"), readlinkSync(link)]).toEqual(["new", file]);
});

onUnix("writes to a device, which cannot be replaced, and reports that it is full", async () => {
  await writeWhole("/dev/null", "text");
  expect(statSync("/dev/null").isCharacterDevice()).toBe(true);
  if (process.platform !== "linux") return;
  await expect(writeWhole("/dev/full", "text")).rejects.toThrow(
    "cannot write /dev/full: no space left on device (ENOSPC)",
  );
});

test("leaves no draft when the file cannot be replaced", async () => {
  await expect(writeWhole(path.join(folder, "missing", "state.json"), "text")).rejects.toThrow("(ENOENT)");
  expect(readdirSync(folder)).toEqual([]);
});

test("a stack's first save removes the drafts of a process that was killed, and nothing else", async () => {
  const store = new StackStore(folder, "shop");
  await store.write("dev", emptyDeployment());
  const stacks = path.dirname(store.path("dev"));
  for (const name of ["dev.json.123", "dev.json.bak.45", "dev.json.note", "prod.json.6"]) {
    writeFileSync(path.join(stacks, name), "x");
  }
  await new StackStore(folder, "shop").write("dev", emptyDeployment());
  expect(readdirSync(stacks).sort()).toEqual(["dev.json", "dev.json.bak", "dev.json.note", "prod.json.6"]);
});
