import fs from "node:fs/promises";
import net, { type AddressInfo, type Socket } from "node:net";
import path from "node:path";

/** What happens to a call of the provider instead of its usual work. */
interface Fault {
  /** The call fails; nothing was made or changed. */
  error?: string;
  /** The work is done, but the object is not ready. */
  partial?: string;
  /** The call waits for the gate on this port first. */
  hold?: number;
}

/** A call the provider got, when it began. */
interface CloudCall {
  verb: string;
  label: string;
  id?: string;
  properties: { [key: string]: unknown };
}

/** The fake cloud of a test program: objects as files, and a journal of calls. */
export interface Cloud {
  /** All calls so far, or those of some verbs. */
  calls(...verbs: string[]): Promise<CloudCall[]>;
  /** The calls that change something, as `create a`, since the last time this was asked. */
  news(): Promise<string[]>;
  objects(): Promise<{ [id: string]: { [key: string]: unknown } }>;
  /** Changes, or (by undefined) removes, an object behind the engine's back. */
  put(id: string, object: { [key: string]: unknown } | undefined): Promise<void>;
  /** Sets the faults, by `create a`; the earlier ones are gone. */
  faults(faults: { [call: string]: Fault }): Promise<void>;
}

/** Opens the cloud in a program's folder. */
export function openCloud(directory: string): Cloud {
  const objects = path.join(directory, "objects");
  let told = 0;
  const calls = async (...verbs: string[]) => {
    const text = await fs.readFile(path.join(directory, "journal"), "utf8").catch(() => "");
    const all = text
      .split("\n")
      .filter(Boolean)
      .map((line): CloudCall => JSON.parse(line));
    return verbs.length === 0 ? all : all.filter(({ verb }) => verbs.includes(verb));
  };
  return {
    calls,
    async news() {
      const all = await calls("create", "update", "delete");
      const fresh = all.slice(told);
      told = all.length;
      return fresh.map(({ verb, label }) => `${verb} ${label}`);
    },
    async objects() {
      const names = await fs.readdir(objects).catch(() => []);
      const entries = names.sort().map(async (name) => {
        return [path.parse(name).name, JSON.parse(await fs.readFile(path.join(objects, name), "utf8"))];
      });
      return Object.fromEntries(await Promise.all(entries));
    },
    async put(id, object) {
      const file = path.join(objects, `${id}.json`);
      await (object ? fs.writeFile(file, JSON.stringify(object)) : fs.rm(file));
    },
    faults: (faults) => fs.writeFile(path.join(directory, "faults.json"), JSON.stringify(faults)),
  };
}

/** Where held calls wait. */
export interface Gate {
  port: number;
  /** Resolves when the call has begun and waits. */
  arrival(call: string): Promise<void>;
  open(call: string): void;
  close(): Promise<void>;
}

/** Opens a gate for calls with the fault `hold`. */
export async function openGate(): Promise<Gate> {
  const waiting = new Map<string, Socket>();
  const watchers = new Map<string, () => void>();
  const server = net.createServer((socket) => {
    socket.setEncoding("utf8").on("error", () => undefined);
    socket.once("data", (call: string) => {
      waiting.set(call, socket);
      watchers.get(call)?.();
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    arrival: (call) =>
      new Promise((resolve) => {
        watchers.set(call, resolve);
        if (waiting.has(call)) {
          resolve();
        }
      }),
    open(call) {
      waiting.get(call)?.end("go");
    },
    async close() {
      for (const socket of waiting.values()) {
        socket.destroy();
      }
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const RESOURCES = `
const pulumi = require("@pulumi/pulumi");
const provider = (kind) => 'exports.handler = () => require("./cloud-provider.js").' + kind + ";";
class Thing extends pulumi.CustomResource {
  constructor(name, args = {}, opts = {}, kind = "thing") {
    const properties = { label: name, serial: undefined, shadow: undefined, ...args, __provider: provider(kind) };
    super("pulumi-nodejs:dynamic/test:Thing", name, properties, opts);
  }
}
// Its provider leaves the comparison to the engine.
class Plain extends Thing {
  constructor(name, args, opts) { super(name, args, opts, "plain"); }
}
class Group extends pulumi.ComponentResource {
  constructor(name, opts) { super("test:index:Group", name, {}, opts); }
}
module.exports = { Thing, Plain, Group, pulumi };
`;

const PROVIDER = `
const fs = require("node:fs");
const net = require("node:net");

const path = (id) => "objects/" + id + ".json";
const own = ({ __provider, ...rest }) => rest;

async function begin(verb, label, properties, id) {
  fs.appendFileSync("journal", JSON.stringify({ verb, label, id, properties: own(properties) }) + "\\n");
  const call = verb + " " + label;
  const fault = fs.existsSync("faults.json") ? JSON.parse(fs.readFileSync("faults.json", "utf8"))[call] : undefined;
  if (fault?.hold) {
    await new Promise((resolve, reject) => {
      const socket = net.connect(fault.hold, "127.0.0.1", () => socket.write(call));
      socket.on("data", resolve).on("error", reject).on("close", () => reject(new Error("the gate was closed")));
    });
  }
  if (fault?.error) throw new Error(fault.error);
  return fault;
}

function finish(id, outs, fault) {
  fs.mkdirSync("objects", { recursive: true });
  fs.writeFileSync(path(id), JSON.stringify(own(outs)));
  if (fault?.partial) {
    throw Object.assign(new Error(fault.partial), { id, properties: outs, reasons: [fault.partial] });
  }
  return { id, outs };
}

const plain = {
  async configure({ config }) { this.region = config.get("region"); },
  async check(olds, news) {
    await begin("check", news.label, news);
    const failures = news.value === "invalid" ? [{ property: "value", reason: "it is not allowed" }] : [];
    return { inputs: news, failures };
  },
  async create(inputs) {
    const fault = await begin("create", inputs.label, inputs);
    const counter = "counter-" + inputs.label;
    const serial = fs.existsSync(counter) ? Number(fs.readFileSync(counter, "utf8")) + 1 : 1;
    fs.writeFileSync(counter, String(serial));
    const region = this.region ? { region: this.region } : {};
    const shadow = inputs.secret === undefined ? {} : { shadow: "shadow of " + inputs.secret };
    return finish(inputs.label + "-" + serial, { ...inputs, serial, ...region, ...shadow }, fault);
  },
  async update(id, olds, news) {
    const fault = await begin("update", news.label, news, id);
    return finish(id, { ...news, serial: olds.serial }, fault);
  },
  async delete(id, outputs) {
    await begin("delete", outputs.label, outputs, id);
    fs.rmSync(path(id));
  },
  async read(id, properties) {
    await begin("read", properties.label, properties, id);
    if (!fs.existsSync(path(id))) {
      if (properties.serial === undefined) throw new Error("there is no object " + id);
      return { id: "", props: {} };
    }
    const found = JSON.parse(fs.readFileSync(path(id), "utf8"));
    const { serial, region, shadow, ...inputs } = found;
    return { id, props: found, inputs };
  },
};

const thing = {
  ...plain,
  async diff(id, olds, news) {
    await begin("diff", news.label, news, id);
    const changed = ["value", "fixed", "fixedFirst", "secret", "parts"].filter(
      (key) => JSON.stringify(olds[key]) !== JSON.stringify(news[key]),
    );
    const replaces = changed.filter((key) => key.startsWith("fixed"));
    return { changes: changed.length > 0, replaces, deleteBeforeReplace: replaces.includes("fixedFirst") };
  },
};

module.exports = { thing, plain };
`;

/** The files every program folder has: resource classes for the program, and their provider. */
export const CLOUD_FILES = { "cloud.js": RESOURCES, "cloud-provider.js": PROVIDER };
