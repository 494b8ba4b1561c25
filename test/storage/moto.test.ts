import { type ChildProcessWithoutNullStreams, spawn, spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import * as fs from "node:fs/promises";
import * as os from "node:os";
import * as path from "node:path";
import { presignedUrl } from "./presigned";
import { put } from "./upload-file";

/** Uploads to moto, a Python double of AWS, where there is one. It looks at no signature and no expiry. */

const SERVER = `
import sys
from moto.server import ThreadedMotoServer
server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
server.start()
print("http://%s:%d" % server.get_host_and_port(), flush=True)
sys.stdin.read()
server.stop()
`;

const hasMoto = spawnSync("python3", ["-c", "import moto.server"]).status === 0;
if (!hasMoto) process.stderr.write("Skipped: no python3 with moto[server]; its storage was not tried.\n");

(hasMoto ? describe : describe.skip)("moto", () => {
  const content = Buffer.concat([Buffer.from("case_id,activity\n"), randomBytes(2 * 1024 * 1024)]);
  let python: ChildProcessWithoutNullStreams;
  let endpoint: string;
  let folder: string;
  let file: string;

  beforeAll(async () => {
    python = spawn("python3", ["-c", SERVER]);
    const [line] = (await once(python.stdout, "data")) as [Buffer];
    endpoint = line.toString().trim();
    folder = await fs.mkdtemp(path.join(os.tmpdir(), "moto-"));
    file = path.join(folder, "orders.csv");
    await fs.writeFile(file, content);
    expect((await fetch(presigned(["uploads"]), { method: "PUT" })).status).toBe(200);
  });

  afterAll(async () => {
    python.stdin.end();
    if (python.exitCode === null) await once(python, "exit");
    await fs.rm(folder, { recursive: true });
  });

  const presigned = (path: string[], parts: { method?: string; contentType?: string } = {}) =>
    presignedUrl({ endpoint, path, credentials: { accessKeyId: "AKIATEST", secretAccessKey: "secret" }, ...parts });

  test.each<[string, string | undefined, string]>([
    ["no type signed", undefined, "binary/octet-stream"],
    ["a type signed", "text/csv", "text/csv"],
  ])("%s: the object is the file", async (name, contentType, type) => {
    const object = ["uploads", `${name} Bestell+ung März.csv`];
    expect(await put(presigned(object, { contentType }), file, { contentType })).toEqual({ kind: "stored" });
    const answer = await fetch(presigned(object, { method: "GET" }));
    const isSame = Buffer.from(await answer.arrayBuffer()).equals(content);
    expect([answer.headers.get("content-type"), isSame]).toEqual([type, true]);
  });
});
