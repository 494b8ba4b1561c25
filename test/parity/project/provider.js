// The provider of the parity programs: objects are files, every call is on record, and faults.json says what fails.
const fs = require("node:fs");
const { setTimeout: wait } = require("node:timers/promises");

const file = (id) => `objects/${id}.json`;
const own = ({ __provider, ...rest }) => rest;
const labelOf = (...bags) => bags.map((bag) => bag?.label).find((label) => typeof label === "string") ?? "?";

async function begin(verb, label, call) {
  fs.appendFileSync("journal", `${JSON.stringify({ verb, label, ...call })}\n`);
  const faults = fs.existsSync("faults.json") ? JSON.parse(fs.readFileSync("faults.json", "utf8")) : {};
  const fault = faults[`${verb} ${label}`];
  // What runs at the same time has ended before this fails, so that all engines leave the same behind.
  if (fault?.error || fault?.partial) await wait(Number(process.env.PARITY_FAULT_MS ?? 1000));
  if (fault?.hang) await new Promise((resolve) => setInterval(() => resolve, 1000));
  if (fault?.error) throw new Error(fault.error);
  return fault;
}

function keep(id, outs, fault) {
  fs.mkdirSync("objects", { recursive: true });
  fs.writeFileSync(file(id), JSON.stringify(own(outs)));
  if (fault?.partial) {
    throw Object.assign(new Error(fault.partial), { id, properties: outs, reasons: [fault.partial] });
  }
  return { id, outs };
}

function nextSerial(label) {
  const counter = `counters/${label}`;
  const serial = fs.existsSync(counter) ? Number(fs.readFileSync(counter, "utf8")) + 1 : 1;
  fs.mkdirSync("counters", { recursive: true });
  fs.writeFileSync(counter, String(serial));
  return serial;
}

/** No more than a provider must have. */
const bare = {
  async create(inputs) {
    const fault = await begin("create", labelOf(inputs), { inputs: own(inputs) });
    const serial = nextSerial(inputs.label);
    const shadow = inputs.secret === undefined ? {} : { shadow: `shadow of ${JSON.stringify(inputs.secret)}` };
    return keep(fault?.id ?? `${inputs.label}-${serial}`, { ...inputs, serial, ...shadow }, fault);
  },
  async delete(id, outputs) {
    await begin("delete", labelOf(outputs), { id, outputs: own(outputs) });
    fs.rmSync(file(id), { force: true });
  },
};

/** Leaves the comparison to the engine. */
const plain = {
  ...bare,
  async check(olds, news) {
    await begin("check", labelOf(news, olds), { olds: own(olds), news: own(news) });
    const failures = news.value === "invalid" ? [{ property: "value", reason: "it is not allowed" }] : [];
    if (news.value === "nothing") failures.push({ property: "", reason: "it is not allowed at all" });
    return { inputs: news.defaulted === "" ? { ...news, defaulted: "by the provider" } : news, failures };
  },
  async update(id, olds, news) {
    const fault = await begin("update", labelOf(news), { id, olds: own(olds), news: own(news) });
    return keep(id, { ...news, serial: olds.serial }, fault);
  },
  async read(id, outputs) {
    const fault = await begin("read", labelOf(outputs), { id, outputs: own(outputs) });
    if (!fs.existsSync(file(id))) {
      if (outputs.serial === undefined) throw new Error(`there is no object ${id}`);
      return { id: "", props: {} };
    }
    const props = JSON.parse(fs.readFileSync(file(id), "utf8"));
    if (fault?.partial) keep(id, { ...outputs, ...props }, fault);
    const { serial, shadow, ...inputs } = props;
    return { id, props, ...(fault?.withoutInputs ? {} : { inputs }) };
  },
};

/** Compares by itself: `fixed…` is replaced, `fixedFirst` after its deletion, the rest of a few keys is updated. */
const thing = {
  ...plain,
  async diff(id, olds, news) {
    await begin("diff", labelOf(news, olds), { id, olds: own(olds), news: own(news) });
    const changed = ["value", "fixed", "fixedFirst", "secret", "parts"].filter(
      (key) => JSON.stringify(olds[key]) !== JSON.stringify(news[key]),
    );
    const replaces = changed.filter((key) => key.startsWith("fixed"));
    return { changes: changed.length > 0, replaces, deleteBeforeReplace: replaces.includes("fixedFirst") };
  },
};

/** Answers what its input `answer` says. */
const scripted = {
  ...plain,
  async diff(id, olds, news) {
    await begin("diff", labelOf(news, olds), { id, olds: own(olds), news: own(news) });
    return news.answer ?? {};
  },
};

module.exports = { bare, plain, thing, scripted };
