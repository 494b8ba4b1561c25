import type { Fault, JournalEntry } from "processmind-emulator";
import type { ErrorCode } from "../../provider/errors";
import { tablesStay } from "../../provider/messages/objects";
import * as says from "../../provider/messages/requests";
import {
  type Came,
  type Ending,
  fails,
  goesOn,
  isAmbiguous,
  isFound,
  isFoundGone,
  isFoundThere,
  type Refusal,
  staysBehind,
} from "./endings";
import { CONTENT, furnish, PLACES, type Place } from "./places";
import { API_KEY, openScene, outcome, type Scene, type StartHost } from "./scene";

/**
 * Everything a server can do to a client, at every request of every resource. A corner case's columns say what comes
 * of it by the request's method; `at` has the places that differ.
 */

interface Corner {
  name: string;
  fault: Fault;
  timeoutSeconds?: number;
  GET: Ending;
  POST: Ending;
  DELETE: Ending;
  /** Absent: what storage says there is an ordinary answer. */
  PUT?: Ending;
  at?: { [place: string]: Ending };
  /** Places that do not meet it here. */
  not?: string[];
}

const everywhere = (ending: Ending) => ({ GET: ending, POST: ending, DELETE: ending, PUT: ending });
const replying = (status: number, message: string, rest: Partial<Fault> = {}): Fault =>
  ({ kind: "reply", status, body: { message }, headers: { "retry-after": "0" }, ...rest }) as Fault;

const lost: Refusal = { code: "NETWORK", text: says.connectionLost("ECONNRESET") };
const html: Refusal = { code: "BAD_RESPONSE", text: says.notJson("text/html", 98), status: 200 };
const empty: Refusal = { code: "BAD_RESPONSE", text: says.emptyResponse(), status: 200 };
const silent: Refusal = { code: "TIMEOUT", text: { ...says.noResponse(0), happened: "no response within N s" } };
const SHAPE = says.badResponse("", "", {}).options;
const misfit = (found: string, expected: "an object" | "a list") =>
  fails({ code: "BAD_RESPONSE", text: { happened: says.wrongType("the response", found, expected), options: SHAPE } });
const isList = misfit("a list", "an object");
const isObject = misfit("an object", "a list");
const rejected = (code: ErrorCode, status: number, said?: string): Refusal => ({
  code,
  status,
  text: says.rejected(status, said, false),
});

const CORNERS: Corner[] = [
  {
    name: "401",
    fault: replying(401, "Unauthorized"),
    ...everywhere(fails(rejected("UNAUTHORIZED", 401, "Unauthorized"))),
  },
  {
    name: "403",
    fault: replying(403, "Forbidden"),
    ...everywhere(fails(rejected("FORBIDDEN", 403, "Forbidden"))),
    at: { "datatable.delete at datatables.delete": staysBehind },
  },
  {
    name: "404",
    fault: replying(404, "no such thing"),
    ...everywhere(fails(rejected("NOT_FOUND", 404, "no such thing"))),
    // There the list decides: see gone.test.ts.
    not: [
      "dataset.read at datasets.get",
      "datatable.read at datatables.get",
      "datatableUpload.read at datatables.get",
      "dataset.delete at datasets.get",
      "datatable.delete at datatables.get",
    ],
    at: {
      "dataset.delete at datasets.delete": isFoundThere,
      "datatable.delete at datatables.delete": staysBehind,
      // Of what was created a moment ago: the service may not know it everywhere yet.
      "datatable.create at datatables.create": goesOn(2),
      "datatableUpload.create at uploads.presign": goesOn(2),
      "datatableUpload.update at uploads.presign": goesOn(2),
    },
  },
  {
    name: "409",
    fault: replying(409, "it is busy"),
    ...everywhere(fails(rejected("CONFLICT", 409, "it is busy"))),
  },
  {
    name: "400 with a message",
    fault: replying(400, "displayName\n  is too long"),
    ...everywhere(fails(rejected("INVALID_REQUEST", 400, "displayName is too long"))),
  },
  {
    name: "400 that quotes the key and an upload address",
    fault: replying(400, `no ${API_KEY} at https://s.test/k?X-Amz-Signature=1f2e nor X-Amz-Credential=AKIA`),
    ...everywhere(fails(rejected("INVALID_REQUEST", 400, "no [secret] at https://s.test/k?[removed] nor [removed]"))),
  },
  { name: "429 with Retry-After", fault: replying(429, "slow down"), ...everywhere(goesOn(2)) },
  {
    name: "500, then success",
    fault: replying(500, "oops"),
    ...everywhere(goesOn(2)),
    POST: isAmbiguous(rejected("SERVER_ERROR", 500, "oops")),
  },
  {
    name: "503 until it gives up",
    fault: replying(503, "overloaded", { times: "always" }),
    ...everywhere(fails({ ...rejected("SERVER_ERROR", 503, "overloaded"), attempts: 4 })),
    POST: isAmbiguous(rejected("SERVER_ERROR", 503, "overloaded")),
  },
  {
    name: "a reset before anything is done",
    fault: { kind: "reset" },
    ...everywhere(goesOn(2)),
    POST: isAmbiguous(lost),
  },
  {
    name: "a reset after it was done",
    fault: { kind: "reset", commit: true },
    ...everywhere(goesOn(2)),
    POST: isFound,
    PUT: goesOn(2, { holds: 2 }),
    at: {
      "dataset.delete at datasets.delete": isFoundGone,
      "datatable.delete at datatables.delete": isFoundGone,
    },
  },
  {
    name: "JSON cut short",
    fault: { kind: "truncate" },
    ...everywhere(goesOn(2)),
    POST: isFound,
    PUT: goesOn(1),
    at: {
      "dataset.delete at datasets.delete": isFoundGone,
      "datatable.delete at datatables.delete": isFoundGone,
    },
  },
  {
    name: "an HTML page with status 200",
    fault: { kind: "html", status: 200 },
    GET: goesOn(2),
    POST: isAmbiguous(html),
    DELETE: goesOn(2),
  },
  {
    name: "an empty answer with status 200",
    fault: { kind: "reply", status: 200 },
    GET: goesOn(2),
    POST: isAmbiguous(empty),
    DELETE: goesOn(2),
  },
  {
    name: "JSON of another type",
    fault: { kind: "wrong-type" },
    GET: (place) => (place.route.endsWith(".list") ? isObject : isList)(place),
    POST: isFound,
    DELETE: (place) => ({ ...isList(place), holds: 0 }),
    PUT: goesOn(1),
  },
  {
    name: "a silent server",
    fault: { kind: "delay", ms: 600_000, times: "always" },
    timeoutSeconds: 10,
    ...everywhere(fails(silent)),
    POST: isAmbiguous(silent),
  },
  {
    name: "a redirect",
    fault: { kind: "reply", status: 302, headers: { location: "/elsewhere" } },
    ...everywhere(fails(rejected("BAD_RESPONSE", 302))),
  },
];

/** Meets the corner case at all places; those that share no request at once. */
async function meet(scene: Scene, corner: Corner): Promise<Map<string, Came>> {
  const { emulator, host } = scene;
  await emulator.reset();
  emulator.setBehaviour({ datatableDelete: "works" });
  await emulator.change(furnish);
  const came = new Map<string, Came>();
  for (const wave of [1, 2, 3]) {
    const logged = host.logs.length;
    const places = PLACES.filter((place) => place.wave === wave && !corner.not?.includes(place.name));
    emulator.clearJournal();
    emulator.setFaults(places.map((place) => ({ ...corner.fault, match: matchOf(place) })));
    const limits = corner.timeoutSeconds === undefined ? {} : { timeoutSeconds: corner.timeoutSeconds };
    const results = await Promise.all(places.map((place) => outcome(place.run(host, limits))));
    // A redirect that was followed would lead past every place.
    expect(emulator.journal().filter((entry) => !places.some((place) => isOf(place, entry)))).toEqual([]);
    for (const [index, place] of places.entries())
      came.set(place.name, observed(scene, corner, place, results[index], logged));
  }
  return came;
}

function isOf(place: Place, { route, path }: JournalEntry): boolean {
  return place.lists.includes(route) || path.split("/").includes(place.id);
}

function matchOf({ route, lists, id }: Place): Fault["match"] {
  return lists.includes(route) || route.endsWith(".list") ? { route } : { route, path: `/${id}(/|$)` };
}

function observed({ emulator, host }: Scene, corner: Corner, place: Place, result: unknown, logged: number): Came {
  const requests = emulator
    .journal()
    .filter((entry) => isOf(place, entry))
    .map(({ method, route }) => `${method} ${route}`);
  return {
    to: withoutChance(result, corner.timeoutSeconds),
    requests: corner.timeoutSeconds === undefined ? requests : withoutRepeats(requests),
    holds: place.count(emulator.state()),
    warnings: host.logs
      .slice(logged)
      .filter(({ severity, message }) => severity === "warning" && message.includes(place.id))
      // Once a run, and this process is one.
      .filter(({ message }) => !message.startsWith(tablesStay("", "").text.split(":")[0] ?? ""))
      .map(({ message }) => message),
  };
}

/**
 * How many attempts fit into a time limit depends on the machine: a request, or an upload's two, counts once. Of a POST
 * there must be one.
 */
function withoutRepeats(requests: string[]): string[] {
  const lines = requests.map((request) => `${request}\n`).join("");
  return lines
    .replace(/((?:^(?!POST).*\n){1,2})\1+/gm, "$1")
    .split("\n")
    .slice(0, -1);
}

/** As JSON writes them. */
const SILENT_OPTIONS = (silent.text.options ?? []).map((option) => `\\n  - ${option}`).join("");

/** More calls at once than slots: the last ones may get theirs as the time is over. */
const NO_TURN =
  /not sent, as \S+ s passed while it waited for other requests (\([^)]*\))\.\\n {2}- run the command again with a lower --parallel\\n {2}- raise timeoutSeconds/g;

/** Ids of uploads are random; limits and the attempts within them depend on the machine. */
function withoutChance(result: unknown, timeoutSeconds: number | undefined): unknown {
  if (result === undefined) return undefined;
  const text = JSON.stringify(result).replace(/\/[0-9a-f-]{36}\/orders\.csv/g, "/UPLOAD/orders.csv");
  if (timeoutSeconds === undefined) return JSON.parse(text);
  return JSON.parse(
    text
      .replace(/no response within \S+ s/g, silent.text.happened)
      .replace(NO_TURN, `${silent.text.happened} $1.${SILENT_OPTIONS}`)
      .replace(/, \d+ attempts\b/g, ""),
  );
}

/** Registers the table as tests, for one host of the lifecycles: the whole of it, or the corner cases of these names. */
export function testCornerCases(start: StartHost, names = CORNERS.map(({ name }) => name)): void {
  const corners = names.map(cornerOf);
  // Met at once: most of the time is spent in back-off. Each lane has a process and an emulator.
  const lanes = corners.slice(0, 4).map(() => openScene({ "orders.csv": CONTENT }, start));
  const met = new Map<Corner, Map<string, Came>>();

  beforeAll(async () => {
    const left = [...corners];
    const drive = async (scene: Scene) => {
      for (let corner = left.pop(); corner; corner = left.pop()) met.set(corner, await meet(scene, corner));
    };
    await Promise.all(lanes.map(drive));
  }, 300_000);

  describe.each(corners)("$name", (corner) => {
    const columns = PLACES.filter((place) => corner[place.method] !== undefined && !corner.not?.includes(place.name));
    it.each(columns)("$name", (place) => {
      const ending = corner.at?.[place.name] ?? corner[place.method];
      const wanted = ending?.(place);
      const requests = corner.timeoutSeconds === undefined ? wanted?.requests : withoutRepeats(wanted?.requests ?? []);
      expect(met.get(corner)?.get(place.name)).toEqual({ ...wanted, requests });
    });
  });
}

function cornerOf(name: string): Corner {
  const corner = CORNERS.find((each) => each.name === name);
  if (corner === undefined) throw new Error(`There is no corner case "${name}".`);
  return corner;
}
