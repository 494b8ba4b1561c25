import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { inflateRawSync } from "node:zlib";
import { noWebAssembly } from "../../../provider/messages/files";
import { CORE_BINARY } from "../../../provider/profile/core-binary";

const ROOT = join(__dirname, "..", "..", "..");

test("commits the binary that provider/core/ compiles to; otherwise run `npm run build:wasm`", () => {
  const { stdout } = spawnSync(process.execPath, ["scripts/build-wasm.js", "--print"], { cwd: ROOT, encoding: "utf8" });
  expect(inflateRawSync(Buffer.from(CORE_BINARY, "base64")).toString("base64")).toBe(stdout);
});

test("refuses a file in words when Node runs without WebAssembly", () => {
  const script = `const { SourceFile } = require("./dist/provider/profile/source-file");
    require("./dist/provider/profile/profile-file")
    .profileFile({ source: new SourceFile(".", "examples/quickstart/data/orders.csv"), format: "csv" })
    .catch((error) => console.log(error.constructor.name, error.message))`;
  const { stdout } = spawnSync(process.execPath, ["--no-expose-wasm", "-e", script], { cwd: ROOT, encoding: "utf8" });
  expect(stdout.trim()).toBe(`UnusableFile ${noWebAssembly("WebAssembly is not defined").message}`);
});
