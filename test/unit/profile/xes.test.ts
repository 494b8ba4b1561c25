import * as says from "../../../provider/messages/files";
import { XesReader } from "../../../provider/profile/xes";
import { cut, seeded } from "./random";

const EVENT = (name: string, time: string) =>
  `<event><string key="concept:name" value="${name}"/><date key="time:timestamp" value="${time}"/></event>`;
const LOG = `<?xml version="1.0" encoding="UTF-8"?>
<!-- made by hand -->
<log xes.version="1.0" xmlns="http://www.xes-standard.org/">
  <global scope="event"><string key="concept:name" value="UNKNOWN"/></global>
  <string key="concept:name" value="the log"/>
  <trace>
    <string key="concept:name" value="case &lt;1&gt;"/>
    ${EVENT("Bezahlen &amp; prüfen", "2024-01-01T12:00:00.000+02:00")}
    <event>
      <list key="children"><string key="concept:name" value="not an activity"/></list>
      <string key="concept:name" value="Ship"/>
      <date key="time:timestamp" value="2024-01-03T12:00:00Z"/>
    </event>
  </trace>
  <trace>${EVENT("Ship", "2024-01-02T12:00:00Z")}</trace>
  <trace/>
</log>
`;

/** With a name that is an id. */
const EVENT_BODY = '<id key="concept:name" value="a-1"/><date key="time:timestamp" value="2024-01-01"/>';

const CASE = '<string key="concept:name" value="c"/>';

/** A log of one trace, read in one piece. */
const readTrace = (events: string) => read([Buffer.from(`<log>\n<trace>${CASE}${events}</trace></log>`)]);

function read(chunks: Iterable<Uint8Array>) {
  const reader = new XesReader();
  for (const chunk of chunks) reader.push(Buffer.from(chunk));
  return reader.end();
}

function refusalOf(text: string | Buffer): string {
  try {
    read([Buffer.from(text as string)]);
    return "accepted";
  } catch (error) {
    return (error as Error).message;
  }
}

test("events, cases, activities and times, wherever chunks end", () => {
  for (let seed = 0; seed < 50; seed++) {
    expect(read(cut(seeded(seed), Buffer.from(LOG)))).toEqual({
      eventLog: {
        events: 3,
        cases: 3,
        casesAreEstimated: false,
        activitiesAreEstimated: false,
        activities: 2,
        activityNames: ["Bezahlen & prüfen", "Ship"],
        firstEvent: "2024-01-01T10:00:00Z",
        lastEvent: "2024-01-03T12:00:00Z",
      },
      warnings: ["2 traces have no concept:name, the first on line 15"],
    });
  }
});

test.each(["", "  ", "\t", "&#10;", "&#32;"])("warns of the activity %j, which readers count", (name) => {
  for (const event of [EVENT(name, "2024-01-02"), EVENT(name, "2024-01-02").replaceAll('"', "'")]) {
    const found = read([Buffer.from(`<log>\n<trace>${CASE}${EVENT("a", "2024-01-01")}\n${event}</trace></log>`)]);
    expect(found).toMatchObject({ eventLog: { events: 2, activities: 2 } });
    expect(found.warnings).toEqual(["1 event has no concept:name, the first on line 3"]);
  }
});

const NAMED = (name: string) => `<string key="concept:name" value="${name}"/>`;
const TIMED = (time: string) => `<date key="time:timestamp" value="${time}"/>`;

test.each<[string, string[], string]>([
  [NAMED("a") + NAMED("b") + TIMED("2024-01-01"), ["b"], "2024-01-01"],
  [`${NAMED("a")}<string value='b' key='concept:name'></string>${TIMED("2024-01-01")}`, ["b"], "2024-01-01"],
  [NAMED("a") + TIMED("2024-02-02") + TIMED("2024-01-01"), ["a"], "2024-01-01"],
  [NAMED("a") + TIMED("2024-02-02") + TIMED("soon"), ["a"], "2024-02-02"],
  [NAMED("a") + TIMED("soon") + TIMED("2024-W05-3"), ["a"], "2024-01-31"],
])("takes the last name and time of an event, as pm4py does: %j", (event, activityNames, day) => {
  const text = Buffer.from(`<log><trace>${CASE}\n<event>${event}</event></trace></log>`);
  const time = `${day}T00:00:00Z`;
  for (let seed = 0; seed < 20; seed++) {
    const found = read(cut(seeded(seed), text));
    expect(found.eventLog).toMatchObject({ activityNames, firstEvent: time, lastEvent: time });
    expect(found.warnings).toEqual([says.repeatedKeys(1, 2)]);
  }
});

test.each([
  ["children of an attribute", '<string key="k" value="v">CHILDREN</string>'],
  ["values of a list", '<list key="k"><values>CHILDREN</values></list>'],
  ["values of a list of XES 1", '<list key="k">CHILDREN</list>'],
  ["values of a container", '<container key="k">CHILDREN</container>'],
])("leaves out the %s", (...[, nested]) => {
  const inner = nested.replace("CHILDREN", NAMED("inner") + TIMED("2024-02-02"));
  for (const event of [inner + EVENT_BODY, EVENT_BODY + inner]) {
    const { eventLog, warnings } = read([Buffer.from(`<log><trace>${CASE}<event>${event}</event></trace></log>`)]);
    expect(eventLog).toMatchObject({ activityNames: ["a-1"], lastEvent: "2024-01-01T00:00:00Z" });
    expect(warnings).toEqual([]);
  }
});

test.each([
  ["case,activity,timestamp\nC1,a,2024-01-05\n", "it is not XML"],
  ["Unauthorized", "it is not XML"],
  ['\ufeff {"error":"denied"}', "it is JSON, such as an error message that was saved in its place"],
])("rejects %j with the cause", (text, message) => {
  expect(refusalOf(text)).toBe(message);
});

test("an encoding other than UTF-8", () => {
  const text = `<?xml version="1.0" encoding="ISO-8859-1"?><log><trace>${EVENT("prüfen", "2024-01-01")}</trace></log>`;
  expect(read([Buffer.from(text, "latin1")])).toMatchObject({ eventLog: { events: 1, activities: 1 } });
});

test("names the line of a raw & and of an element that is left open", () => {
  expect(refusalOf('<log>\n<trace>\n<string key="a"\nvalue="x\ny & z"/>\n\n</trace></log>')).toMatch(
    /line 5: a "&" does not/,
  );
  expect(refusalOf("<log>\n<trace>\n\n\n")).toMatch(/line 2: the element that opens here is never closed/);
});

test("warns of events without time or name", () => {
  const text = `<log><trace>${CASE}${EVENT("a", "2024-01-01")}\n<event/>\n<event><string key="concept:name" value="a"/></event></trace></log>`;
  expect(read([Buffer.from(text)]).warnings).toEqual([
    "2 events have no time:timestamp, the first on line 2",
    "1 event has no concept:name, the first on line 2",
  ]);
});

test("refuses entities that expand themselves, in constant memory", () => {
  const entities = Array.from({ length: 20 }, (_, i) => `<!ENTITY e${i + 1} "&e${i};&e${i};&e${i};&e${i};">`).join(
    "\n",
  );
  expect(refusalOf(`<!DOCTYPE log [<!ENTITY e0 "ha">\n${entities}]>\n<log a="&e20;"/>`)).toMatch(
    /line 22: a "&" does not begin/,
  );
});

test("a log without events", () => {
  const counts = { events: 0, cases: 0, casesAreEstimated: false, activitiesAreEstimated: false, activities: 0 };
  const eventLog = { ...counts, activityNames: [] };
  expect(read([Buffer.from("<log/>")])).toEqual({ eventLog, warnings: ["it has no events"] });
});

test.each<[string, string | Buffer, string]>([
  [
    "cut short",
    LOG.slice(0, 700),
    `it is not valid XML: line 15: the file ends inside markup, or has markup that XML does not know`,
  ],
  ["no XML", "case,activity\n1,x\n", `it is not XML`],
  ["another root", "<pnml></pnml>", `its root is <pnml>, expected <log> for an XES log`],
  ["a page", "<HTML></HTML>", "it is a web page (HTML), such as an error message that was saved in its place"],
  [
    "tags that do not match",
    "<log>\n<trace></event></log>",
    `it is not valid XML: line 2: a closing tag does not match the element that is open`,
  ],
  [
    "an entity of its own",
    '<!DOCTYPE log [<!ENTITY a "aaa">]>\n<log>&a;</log>',
    `it is not valid XML: line 2: a "&" does not begin an entity of XML (write &amp;)`,
  ],
  [
    "an outer entity",
    '<!DOCTYPE log [<!ENTITY a SYSTEM "file:///etc/passwd">]>\n<log>&a;</log>',
    `it is not valid XML: line 2: a "&" does not begin an entity of XML (write &amp;)`,
  ],
  [
    "Latin-1 without saying so",
    Buffer.from("<log>\né</log>", "latin1"),
    `it is not valid XML: line 2: bytes are not valid UTF-8`,
  ],
  [
    "an unknown encoding",
    Buffer.from('<?xml version="1.0" encoding="x-none"?><log>é</log>', "latin1"),
    'its encoding "x-none" is not known',
  ],
  [
    "UTF-16 in its first line and Latin-1 below",
    Buffer.from('<?xml version="1.0" encoding="utf-16"?><log>é</log>', "latin1"),
    'its first line names the encoding "utf-16", and its bytes are in another one',
  ],
  ["a trace in a trace", "<log>\n<trace>\n<trace/></trace></log>", "line 3: a trace opens inside another one"],
  ["OCEL 1", "<log><events><event/></events><objects/></log>", "it is an object-centric log (OCEL), not XES"],
  ["OCEL 2", "<log><object-types/><events/></log>", "it is an object-centric log (OCEL), not XES"],
  [
    "a blank line before the declaration",
    '\n<?xml version="1.0"?><log/>',
    "it is not valid XML: line 2: <?xml …?> does not stand at the very start (delete what is before it)",
  ],
  [
    "two logs in one file",
    '<?xml version="1.0"?><log/>\n<?xml version="1.0"?><log/>',
    "it is not valid XML: line 2: there is a second root element",
  ],
  [
    "a control character by number",
    '<log a="&#1;"/>',
    "it is not valid XML: line 1: a character is not allowed in XML",
  ],
  ["UTF-16", Buffer.from("\ufeff<log/>", "utf16le"), "it is UTF-16 text"],
  ["gzip", Buffer.from([0x1f, 0x8b, 8]), "it is compressed with gzip"],
  ["depth", `<log>${"<list>".repeat(300)}`, `it is not valid XML: line 1: elements are nested more than 256 deep`],
  [
    "an endless attribute",
    `<log a="${"x".repeat(17 * 1024 * 1024)}`,
    `it is not valid XML: line 1: one element is longer than 16 MiB`,
  ],
])("%s is refused", (...[, text, message]) => {
  expect(refusalOf(text)).toBe(message);
});

test.each<[string, string, string[], string[]]>([
  ["outside of its traces", EVENT("out", "2025-01-01"), ["a"], [says.misplacedEvents(1, 4)]],
  ["in an unknown element", `<part>${EVENT("out", "2025-01-01")}</part>`, ["a"], [says.misplacedEvents(1, 4)]],
])("leaves out an event %s, as pm4py and rustxes do", (...[, odd, activityNames, warnings]) => {
  const found = read([Buffer.from(`<log>\n<trace>${CASE}\n${EVENT("a", "2024-01-01")}</trace>\n${odd}</log>`)]);
  expect(found.eventLog).toMatchObject({ events: 1, activityNames, lastEvent: "2024-01-01T00:00:00Z" });
  expect(found.warnings).toEqual(warnings);
});

test("warns of an event inside another one, on which readers differ", () => {
  const found = readTrace(`<event>${NAMED("a")}${TIMED("2024-01-01")}\n${EVENT("b", "2024-02-02")}</event>`);
  expect(found.eventLog).toMatchObject({ events: 1, activityNames: ["a"] });
  expect(found.warnings).toEqual([says.misplacedEvents(1, 3)]);
});

test("finds traces and events inside other elements", () => {
  const trace = `<trace>${CASE}<events>${EVENT("a", "2024-01-01")}</events></trace>`;
  const found = read([Buffer.from(`<log><traces>${trace}</traces></log>`)]);
  expect(found).toMatchObject({ eventLog: { events: 1, cases: 1, activityNames: ["a"] }, warnings: [] });
});

test("warns of traces that share a name, or have none", () => {
  const log = (...names: string[]) =>
    read([
      Buffer.from(`<log>${names.map((name) => `\n<trace>${name}${EVENT("a", "2024-01-01")}</trace>`).join("")}</log>`),
    ]);
  expect(log(NAMED("1"), NAMED("2")).warnings).toEqual([]);
  expect(log(NAMED("1"), NAMED("2"), NAMED("1"))).toMatchObject({
    eventLog: { cases: 3 },
    warnings: [says.sharedTraceNames(3, 2)],
  });
  expect(log(NAMED("1"), "", NAMED(" ")).warnings).toEqual([says.tracesWithoutName(2, 3)]);
  expect(log('<int key="concept:name" value="007"/>', NAMED("7")).warnings).toEqual([says.sharedTraceNames(2, 1)]);
});

test.each<[string, string[], string[]]>([
  ["int", ["007", "7", "+7", " 7", "-0", "0", "-07", "x7"], ["7", "0", "-7", "x7"]],
  ["float", ["1.0", "1", "01.00", "-0.0", "0.50", "-1.50", "1e3", "1.", ".5"], ["1", "0", "0.5", "-1.5", "1e3", ".5"]],
  ["string", ["007", "7", "1.0"], ["007", "7", "1.0"]],
])("counts an activity of type %s by its value", (type, values, activityNames) => {
  const tags = [
    (value: string) => `<${type} key="concept:name" value="${value}"/>`,
    (value: string) => `<${type} value='${value}' key='concept:name'></${type}>`,
  ];
  for (const tag of tags) {
    const found = readTrace(values.map((value) => `<event>${tag(value)}${TIMED("2024-01-01")}</event>`).join(""));
    expect(found.eventLog).toMatchObject({ events: values.length, activityNames });
  }
});

test.each(["list", "container", "foo"])("takes no name from an element <%s>, which has no value", (type) => {
  const found = readTrace(`<event><${type} key="concept:name" value="no"/>${TIMED("2024-01-01")}</event>`);
  expect(found).toMatchObject({ eventLog: { activities: 0 }, warnings: [says.eventsWithout(1, "concept:name", 2)] });
});

const TIME = (type: string, value: string) =>
  `<event>${NAMED("a")}<${type} key="time:timestamp" value="${value}"/></event>`;

test.each(["31.12.2024 10:00", "1704164645", "45293.5", "2024-01-02T03:04:05 UTC", " 2024-01-02", "01/02/2024"])(
  "reads no date that is not ISO 8601, as pm4py and rustxes: %j",
  (value) => {
    for (const event of [TIME("date", value), TIME("date", value).replaceAll('"', "'")]) {
      const { eventLog, warnings } = readTrace(`${EVENT("a", "2020-01-01")}${event}`);
      expect(eventLog).toMatchObject({ events: 2, lastEvent: "2020-01-01T00:00:00Z" });
      expect(warnings).toEqual([says.unreadTimes(1, "line", 2)]);
    }
  },
);

test.each([
  ["date", "2024-01-02t03:04:05,5z", "2024-01-02T03:04:05.500Z"],
  ["date", "20240102T030405+0100", "2024-01-02T02:04:05Z"],
  ["date", "2024-01-02T24:00:00Z", "2024-01-03T00:00:00Z"],
  ["string", "31.12.2024 10:00", "2024-12-31T10:00:00Z"],
  ["string", "2019/11/03 01:11:19.000", "2019-11-03T01:11:19Z"],
])("reads the %s %j", (type, value, time) => {
  expect(readTrace(TIME(type, value))).toMatchObject({ eventLog: { lastEvent: time }, warnings: [] });
});

test.each(["utf-16", "x-none"])("reads UTF-8 whose first line names the encoding %j, with a warning", (name) => {
  const trace = `<trace>${CASE}${EVENT("prüfen", "2024-01-01")}</trace>`;
  const found = read([Buffer.from(`<?xml version="1.0" encoding="${name}"?><log>${trace}</log>`)]);
  expect(found).toMatchObject({ eventLog: { activityNames: ["prüfen"] }, warnings: [says.ignoredEncoding(name)] });
});

test.each<[string, string[]]>([
  ["prüfen", [says.notUtf8("ISO-8859-1")]],
  ["check", []],
])("warns of an encoding other than UTF-8 when its letters need it: %s", (name, warnings) => {
  const trace = `<trace>${CASE}${EVENT(name, "2024-01-01")}</trace>`;
  const text = `<?xml version="1.0" encoding="ISO-8859-1"?><log>${trace}</log>`;
  expect(read([Buffer.from(text, "latin1")])).toMatchObject({ eventLog: { activityNames: [name] }, warnings });
});
