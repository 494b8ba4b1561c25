import type { Fault, JournalEntry } from "processmind-emulator";
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
const refusing = (status: number, message: string, rest: Partial<Fault> = {}): Fault =>
  ({ kind: "reply", status, body: { message }, headers: { "retry-after": "0" }, ...rest }) as Fault;

const SUPPORT = "Try again; if it stays so, quote the request id to ProcessMind's support.";
const ADDRESS = "Check processmind:apiUrl, and whether a proxy answers in the API's place.";
const SHAPE = "Check processmind:apiUrl; if it is right, the API has changed and this package must follow.";
const UNUSABLE = "the reply cannot be used";
const lost: Refusal = { happened: "the connection was lost (ECONNRESET)", todo: "Try again." };
const html: Refusal = {
  happened: `the answer is not JSON, or was cut short (text/html, 98 bytes)`,
  todo: ADDRESS,
  status: 200,
};
const empty: Refusal = { happened: "the answer is empty", todo: ADDRESS, status: 200 };
const silent: Refusal = {
  happened: "no answer within N s",
  todo: "Try again; if it stays so, raise timeoutSeconds or look at the network path to the API.",
};
const isList = fails({ happened: "the answer is a list where an object was expected", todo: SHAPE });
const isObject = fails({ happened: "the answer is an object where a list was expected", todo: SHAPE });

const CORNERS: Corner[] = [
  {
    name: "401",
    fault: refusing(401, "Unauthorized"),
    ...everywhere(
      fails({
        happened: 'the API answered "Unauthorized"',
        status: 401,
        todo: "Check the API key: PROCESSMIND_API_KEY, or the one of `pulumi config set --secret processmind:apiKey`, which wins (refresh and destroy use the one configured at the last `pulumi up`).",
      }),
    ),
  },
  {
    name: "403",
    fault: refusing(403, "Forbidden"),
    ...everywhere(
      fails({
        happened: 'the API answered "Forbidden"',
        status: 403,
        todo: "Check that the API key belongs to this tenant and may do this.",
      }),
    ),
    at: { "datatable.delete at datatables.delete": staysBehind },
  },
  {
    name: "404",
    fault: refusing(404, "no such thing"),
    ...everywhere(
      fails({
        happened: 'the API answered "no such thing"',
        status: 404,
        todo: "Check the id, and the tenant (tenantId, `processmind:tenantId` or PROCESSMIND_TENANT_ID). If it was deleted, run `pulumi refresh`.",
      }),
    ),
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
    fault: refusing(409, "it is busy"),
    ...everywhere(fails({ happened: 'the API answered "it is busy"', status: 409 })),
  },
  {
    name: "400 with a message",
    fault: refusing(400, "displayName\n  is too long"),
    ...everywhere(fails({ happened: 'the API answered "displayName is too long"', status: 400 })),
  },
  {
    name: "400 that quotes the key and an upload address",
    fault: refusing(400, `no ${API_KEY} at https://s.test/k?X-Amz-Signature=1f2e nor X-Amz-Credential=AKIA`),
    ...everywhere(
      fails({ happened: 'the API answered "no [secret] at https://s.test/k?[removed] nor [removed]"', status: 400 }),
    ),
  },
  { name: "429 with Retry-After", fault: refusing(429, "slow down"), ...everywhere(goesOn(2)) },
  {
    name: "500, then success",
    fault: refusing(500, "oops"),
    ...everywhere(goesOn(2)),
    POST: isAmbiguous({ happened: 'the API answered "oops"', status: 500, todo: SUPPORT }),
  },
  {
    name: "503 until it gives up",
    fault: refusing(503, "overloaded", { times: "always" }),
    ...everywhere(fails({ happened: 'the API answered "overloaded"', status: 503, todo: SUPPORT, attempts: 4 })),
    POST: isAmbiguous({ happened: 'the API answered "overloaded"', status: 503, todo: SUPPORT }),
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
    POST: isAmbiguous(html, UNUSABLE),
    DELETE: goesOn(2),
  },
  {
    name: "an empty answer with status 200",
    fault: { kind: "reply", status: 200 },
    GET: goesOn(2),
    POST: isAmbiguous(empty, UNUSABLE),
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
    ...everywhere(
      fails({
        happened: "the API refused",
        status: 302,
        todo: "Redirects are not followed, since the key must not leave the API. Check processmind:apiUrl.",
      }),
    ),
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
      .filter(({ message }) => !message.startsWith("ProcessMind's API cannot delete a single datatable"))
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

/** More calls at once than slots: the last ones may get theirs as the time is over. */
const NO_TURN =
  /it was not sent: \S+ s passed while other requests were in front of it( \([^)]*\))?\. [^"]*?raise timeoutSeconds\./g;

/** Ids of uploads are random; limits and the attempts within them depend on the machine. */
function withoutChance(result: unknown, timeoutSeconds: number | undefined): unknown {
  if (result === undefined) return undefined;
  const text = JSON.stringify(result).replace(/\/[0-9a-f-]{36}\/orders\.csv/g, "/UPLOAD/orders.csv");
  if (timeoutSeconds === undefined) return JSON.parse(text);
  return JSON.parse(
    text
      .replace(/no answer within \S+ s/g, silent.happened)
      .replace(NO_TURN, `${silent.happened}$1. ${silent.todo}`)
      .replace(/, \d+ attempts\)/g, ")"),
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
