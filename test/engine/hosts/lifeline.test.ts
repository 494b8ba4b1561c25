import { spawn } from "node:child_process";
import { once } from "node:events";
import net, { type AddressInfo, type Socket } from "node:net";
import path from "node:path";
import { createProgramFolder, type ProgramFolder } from "../../support/engine-driver-program";

const HOSTS = path.resolve(__dirname, "../../../engine/dist/engine/hosts/index.js");

let folder: ProgramFolder;
let server: net.Server;

beforeEach(async () => {
  folder = await createProgramFolder({});
  server = net.createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
});

afterEach(async () => {
  server.close();
  await folder.remove();
});

/** Code that connects to this test, so that the end of its process is seen as the end of a connection. */
function connect(): string {
  return `require("node:net").connect(${(server.address() as AddressInfo).port}, "127.0.0.1");`;
}

function connections(count: number): Promise<Socket[]> {
  const sockets: Socket[] = [];
  return new Promise((resolve) => {
    server.on("connection", (socket) => {
      sockets.push(socket.on("error", () => undefined).resume());
      if (sockets.length === count) {
        resolve(sockets);
      }
    });
  });
}

function engine(source: string) {
  return spawn(process.execPath, ["-e", `const hosts = require(${JSON.stringify(HOSTS)}); ${source}`], {
    stdio: "inherit",
    env: { ...process.env, PROGRAM: folder.directory },
  });
}

const OPTIONS = `{ project: "demo", stack: "dev", organization: "organization", parallel: 4, dryRun: false,
  programDirectory: process.env.PROGRAM, rootDirectory: process.env.PROGRAM, config: { values: {}, secretKeys: [] } }`;

it.each(["SIGKILL", "SIGTERM", "SIGINT", "SIGHUP"] as const)(
  "no process outlives an engine that ends by %s",
  async (signal) => {
    const grandchild = `require("node:child_process").spawn(process.execPath, ["-e", ${JSON.stringify(connect())}]);`;
    await folder.write({ "index.js": `${connect()} ${grandchild}` });
    const provider = {
      __provider: `exports.handler = () => ({ create() { ${connect()} return new Promise(() => {}); } })`,
    };
    const connected = connections(3);
    const engineProcess = engine(`
    hosts.createProgramHost().run(${OPTIONS}, { log() {}, registerResource: async () => ({ urn: "urn", id: "", outputs: {} }) },
      new AbortController().signal);
    hosts.createProviderHost().start({ ...${OPTIONS}, config: {} }, console.log)
      .then((provider) => provider.create("urn", ${JSON.stringify(provider)}));
  `);
    const sockets = await connected;
    const closed = Promise.all(sockets.map((socket) => once(socket, "close")));
    engineProcess.kill(signal);
    await Promise.all([closed, once(engineProcess, "exit")]);
    expect(engineProcess.signalCode).toBe(signal);
  },
);
