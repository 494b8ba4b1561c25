import { SaxesParser } from "saxes";
import { XesReader } from "../../../provider/profile/xes";
import { cut, oneOf, seeded } from "./random";

const FILES = 1_000;

interface Verdict {
  events?: number;
  traces?: number;
  activities?: string[];
  isSound: boolean;
}

function value(random: () => number): string {
  return Array.from({ length: Math.floor(random() * 4) }, () =>
    oneOf(random, [
      "Pay",
      " ",
      "&amp;",
      "&lt;",
      "&quot;",
      "&apos;",
      "&#233;",
      "&#x1F600;",
      "ä",
      "注文",
      "\n",
      "\r\n",
      "'",
      ">",
      "]",
      "x.y-z",
    ]),
  ).join("");
}

const misc = (random: () => number) =>
  oneOf(random, ["", "", "", "\n", "\r\n  ", "<!-- a > b - c -->", "<?tool x='1'?>", "<![CDATA[<&]]>", "text", "]] >"]);

function attribute(random: () => number, key: string, text: string): string {
  const type = oneOf(random, ["string", "date", "ns:string"]);
  const blank = oneOf(random, [" ", "\n ", "\t"]);
  const inside = random() < 0.1 ? `><string key="concept:name" value="deeper"/></${type}>` : "/>";
  return random() < 0.8
    ? `<${type} key="${key}"${blank}value="${text}"${inside}`
    : `<${type}${blank}value = '${text.replaceAll("'", "")}' key='${key}'${blank}${inside}`;
}

function randomLog(random: () => number): string {
  const event = () => {
    const name = random() < 0.9 ? attribute(random, "concept:name", value(random)) : "";
    const time = random() < 0.9 ? attribute(random, "time:timestamp", "2024-01-01T00:00:00Z") : "";
    const second = random() < 0.1 ? attribute(random, "concept:name", value(random)) : "";
    return `<event>${second}${misc(random)}${name}${misc(random)}${time}</event>`;
  };
  const trace = () => `<trace>${Array.from({ length: Math.floor(random() * 4) }, event).join(misc(random))}</trace>`;
  const traces = Array.from({ length: Math.floor(random() * 5) }, () => (random() < 0.9 ? trace() : event()));
  const head = oneOf(random, [
    "",
    '<?xml version="1.0" encoding="UTF-8"?>',
    "\ufeff<?xml version='1.0'?>\n",
    "<!-- log -->",
  ]);
  const doctype = random() < 0.1 ? `<!DOCTYPE log [<!ENTITY a "x>y"> <!-- it's ] -->]>` : "";
  return `${head}${doctype}<log xes.version="1.0" xmlns:ns="http://a/">${traces.join(misc(random))}</log>\n`;
}

/** What happens to files: something too much, one byte missing, an end cut off. Not in a DOCTYPE: it is passed over unread. */
function damaged(random: () => number, text: string): string {
  const from = text.indexOf("]>") + 1;
  const at = from + Math.floor(random() * (text.length - from));
  const kind = random();
  if (kind < 0.5) return text;
  if (kind < 0.6) return text.slice(0, at);
  if (kind < 0.75) return text.slice(0, at) + text.slice(at + 1);
  const odd = [
    "&",
    "<",
    ">",
    '"',
    "'",
    "/",
    "]]>",
    "\u0001",
    "&a;",
    "&#0;",
    "<x>",
    "</x>",
    ' key="twice"',
    "--",
    "=",
    "\ufffe",
  ];
  return text.slice(0, at) + oneOf(random, odd) + text.slice(at);
}

/** Elements of other names hold no value. */
const isTyped = (name: string) => /^(?:[^:]*:)?(?:string|date|boolean|id|int|float)$/.test(name);

function judge(text: string): Verdict {
  const names = new Set<string>();
  let [depth, eventDepth, traces, events] = [0, Number.POSITIVE_INFINITY, 0, 0];
  let isLog = true;
  let isInTrace = false;
  let last: string | undefined;
  const parser = new SaxesParser();
  parser.on("error", (error) => {
    throw error;
  });
  parser.on("opentag", ({ name, attributes }) => {
    depth++;
    if (depth === 1) isLog = name === "log";
    if (depth <= eventDepth) eventDepth = Number.POSITIVE_INFINITY;
    if (name === "trace" && depth === 2) {
      traces++;
      isInTrace = true;
    } else if (name === "event" && isInTrace && depth === 3) {
      events++;
      eventDepth = depth;
    } else if (depth === eventDepth + 1 && isTyped(name) && attributes["key"] === "concept:name")
      last = attributes["value"] ?? "";
  });
  parser.on("closetag", () => {
    if (depth === eventDepth && last !== undefined) names.add(last);
    if (depth === eventDepth) last = undefined;
    if (depth === 2) isInTrace = false;
    depth--;
  });
  try {
    parser.write(text).close();
  } catch {
    return { isSound: false };
  }
  return isLog ? { isSound: true, traces, events, activities: [...names] } : { isSound: false };
}

function read(chunks: Iterable<Uint8Array>): Verdict & { refusal?: string } {
  const reader = new XesReader();
  try {
    for (const chunk of chunks) reader.push(Buffer.from(chunk));
    const { eventLog } = reader.end();
    const { cases: traces, events, activityNames: activities } = eventLog ?? {};
    return { isSound: true, traces, events, activities };
  } catch (error) {
    return { isSound: false, refusal: (error as Error).message };
  }
}

test("agrees with saxes on 1,000 random logs, wherever chunks end", () => {
  let sound = 0;
  for (let seed = 0; seed < FILES; seed++) {
    const random = seeded(seed);
    const text = damaged(random, randomLog(random));
    const bytes = Buffer.from(text);
    const expected = judge(text);
    const { refusal, ...found } = read([bytes]);
    expect({ seed, text, refusal, ...found }).toEqual({ seed, text, refusal, ...expected });
    expect({ seed, ...read(cut(random, bytes)) }).toEqual({ seed, ...found, ...(refusal && { refusal }) });
    if (expected.isSound) sound++;
  }
  // The corpus must have enough of each to mean something.
  expect(sound).toBeGreaterThan(300);
  expect(FILES - sound).toBeGreaterThan(300);
});
