import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { gzipSync } from "node:zlib";
import { CliEngine, findCliVersion } from "./cli-engine";
import { LocalEngine } from "./local-engine";
import type { Case } from "./model";
import { play } from "./play";
import { readRecording } from "./recording";
import { cuts, shrink } from "./shrink";

const folder = fs.mkdtempSync(path.join(os.tmpdir(), "parity-bad-"));
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

function file(name: string, content: string | Buffer, mode?: number): string {
  const written = path.join(folder, name);
  fs.writeFileSync(written, content, mode === undefined ? {} : { mode });
  return written;
}

describe("a recording", () => {
  it("is rejected when its format is another one, with the command that records anew", () => {
    const other = file("other.gz", gzipSync(`${JSON.stringify({ format: 7, cli: "9.9.9" })}\n`));
    expect(() => readRecording(other)).toThrow(
      /has format 7, and this test reads format 2\. .*npm run parity -- --record/,
    );
  });

  it("is rejected when it is damaged, with its name", () => {
    expect(() => readRecording(file("damaged.gz", "no gzip"))).toThrow(/damaged\.gz cannot be read: /);
    expect(() => readRecording(file("text.gz", gzipSync("{\n")))).toThrow(/text\.gz holds a line that is not JSON/);
  });
});

/** A made-up CLI that is a shell script, first on the path. */
function fakeCli(script: string): NodeJS.ProcessEnv {
  const bin = fs.mkdtempSync(path.join(folder, "bin-"));
  fs.writeFileSync(path.join(bin, "pulumi"), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  return { ...process.env, PATH: [bin, process.env["PATH"]].join(path.delimiter), PULUMI_HOME: bin };
}

describe("Pulumi's CLI", () => {
  it("is rejected when it is too old, with the version that is needed", () => {
    expect(() => findCliVersion(fakeCli("echo v3.100.1"))).toThrow(
      /is version 3\.100\.1; parity needs 3\.260 or later/,
    );
  });

  it("is ended when it hangs, with all it started, and what it printed is kept", async () => {
    const { PATH } = fakeCli("echo still here; sleep 600 & wait");
    const cli = new CliEngine(path.join((PATH ?? "").split(path.delimiter)[0] ?? "", "pulumi"), 300);
    await expect(cli.begin({ name: "any", steps: [] })).rejects.toThrow(/did not end within 0\.3 s[\s\S]*still here/);
    await cli.close();
  });
});

describe("cutting a case down", () => {
  const whole: Case = {
    name: "whole",
    steps: [
      {
        run: "up",
        program: {
          resources: [
            { kind: "thing", name: "a", inputs: { value: 1 } },
            { kind: "thing", name: "b" },
          ],
        },
      },
      { run: "refresh", flags: ["--diff"] },
      { run: "up" },
    ],
  };

  it("leaves what the failure needs", async () => {
    const needs = async ({ steps }: Case) =>
      steps.some(({ run }) => run === "refresh") && JSON.stringify(steps).includes('"b"');
    const small = await shrink(whole, needs, 100);
    expect(small.steps).toEqual([{ run: "refresh", program: { resources: [{ kind: "thing", name: "b" }] } }]);
  });

  it("only ever makes cases that can be played", async () => {
    const engine = new LocalEngine();
    for (const smaller of cuts(whole)) expect(await play(engine, smaller)).toHaveLength(smaller.steps.length);
    await engine.close();
  });
});
