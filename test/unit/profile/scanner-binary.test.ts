import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";

const ROOT = join(__dirname, "..", "..", "..");
const { compiled, TARGET }: { compiled(): Promise<string>; TARGET: string } = require("../../../sandbox/build-wasm");

test("the committed binary is what scanner.wat compiles to; otherwise run `npm run build:wasm`", async () => {
  expect(readFileSync(TARGET, "utf8")).toBe(await compiled());
});

test.each([
  ["as it is", [], "WasmScanner"],
  ["without WebAssembly", ["--no-expose-wasm"], "JsScanner"],
])("Node %s", (...[, flags, scanner]) => {
  const script = `console.log(require("./dist/provider/profile/scanner-pool").borrowScanner().constructor.name)`;
  expect(execFileSync(process.execPath, [...flags, "-e", script], { cwd: ROOT, encoding: "utf8" }).trim()).toBe(
    scanner,
  );
});
