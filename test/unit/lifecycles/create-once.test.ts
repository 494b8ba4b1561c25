import type { Created } from "../../../provider/api/endpoints";
import { ProcessMindError } from "../../../provider/errors";
import { type CreateOnce, createOnce } from "../../../provider/lifecycles/create-once";
import { testContext } from "../../support/context";

interface Thing {
  id: string;
}

const things = (...ids: string[]): Thing[] => ids.map((id) => ({ id }));
const made = (id: string): Created<Thing> => ({ id, details: () => ({ id }) });
const lost = new ProcessMindError(
  "NETWORK",
  { doing: "creating", happened: "the line broke" },
  { mayHaveHappened: true },
);
const unusable = new ProcessMindError(
  "BAD_RESPONSE",
  { doing: "creating", happened: "HTML" },
  { mayHaveHappened: true },
);
const refused = new ProcessMindError("INVALID_REQUEST", { doing: "creating", happened: "no" });
const unlisted = new ProcessMindError("SERVER_ERROR", { doing: "listing", happened: "no" });

/** Runs one create against lists that come in turn, and tells all that was asked for, in order. */
async function run(lists: (Thing[] | Error)[], post: Created<Thing> | Error, allowSameName = false) {
  const asked: string[] = [];
  const context = testContext({
    sleep: async (ms) => {
      asked.push(`sleep ${ms}`);
    },
  });
  const request: CreateOnce<Thing> = {
    noun: "Dataset",
    displayName: "Sales",
    key: "api tenant Sales",
    allowSameName,
    listAlike: async () => {
      asked.push("list");
      return settle(lists.shift() ?? []);
    },
    post: async () => {
      asked.push("POST");
      return settle(post);
    },
  };
  const outcome = await createOnce(context, request).then(
    (created) => ({ id: created.id, details: created.details() }),
    (error: ProcessMindError) => ({ code: error.code, message: error.message }),
  );
  return { asked, outcome };
}

function settle<T>(value: T | Error): T {
  if (value instanceof Error) throw value;
  return value;
}

const wayOut =
  "No second one was asked for. Run `pulumi up` again: it looks at the list first; then take over what you want to keep with existingId and delete the rest in ProcessMind.";
const sameName = (id: string) =>
  `Nothing was created. Renamed or moved in this program: add aliases: [{ name, parent }] with its earlier name and parent. Replaced by --replace or a taint: set forceDestroy: true, run \`pulumi up\`, then replace it. Left by a run that was cut short, or yours otherwise: existingId: "${id}" adopts it. A second one: choose another displayName, or set allowSameName: true.`;
const found = (id: string) => ({ id, details: { id } });
const failed = (code: string, message: string) => ({ code, message: `creating Dataset "Sales": ${message}` });
const AMBIGUOUS = "AMBIGUOUS_CREATE";

test.each<[string, Parameters<typeof run>, string[], object]>([
  ["nothing of that name", [[[]], made("new")], ["list", "POST"], found("new")],
  [
    "one is there",
    [[things("old")], made("new")],
    ["list"],
    failed("ALREADY_EXISTS", `one of that name exists already: "old". ${sameName("old")}`),
  ],
  [
    "two are there",
    [[things("a", "b")], made("new")],
    ["list"],
    failed("ALREADY_EXISTS", `2 of that name exist already: "a", "b". ${sameName("a")}`),
  ],
  ["one is there, and may be", [[things("old")], made("new"), true], ["list", "POST"], found("new")],
  ["the list cannot be read", [[unlisted], made("new")], ["list"], { code: "SERVER_ERROR", message: "listing: no." }],
  ["surely refused", [[[]], refused], ["list", "POST"], { code: "INVALID_REQUEST", message: "creating: no." }],
  ["lost, and there it is", [[[], things("new")], lost], ["list", "POST", "sleep 0", "list"], found("new")],
  [
    "lost, and there it is beside the old one",
    [[things("old"), things("old", "new")], lost, true],
    ["list", "POST", "sleep 0", "list"],
    found("new"),
  ],
  [
    "lost, and there it is at the third look",
    [[[], [], [], things("new")], lost],
    ["list", "POST", "sleep 0", "list", "sleep 1000", "list", "sleep 3000", "list"],
    found("new"),
  ],
  [
    "lost, and not to be seen",
    [[[]], lost],
    ["list", "POST", "sleep 0", "list", "sleep 1000", "list", "sleep 3000", "list"],
    failed(
      AMBIGUOUS,
      `the reply was lost, and no new one of that name is in the list. ${wayOut} Cause: creating: the line broke.`,
    ),
  ],
  [
    "lost, and the old one is no proof",
    [[things("old"), things("old"), things("old"), things("old")], lost, true],
    ["list", "POST", "sleep 0", "list", "sleep 1000", "list", "sleep 3000", "list"],
    failed(
      AMBIGUOUS,
      `the reply was lost, and no new one of that name is in the list. ${wayOut} Cause: creating: the line broke.`,
    ),
  ],
  [
    "lost, and two are new",
    [[[], things("a", "b")], lost],
    ["list", "POST", "sleep 0", "list"],
    failed(
      AMBIGUOUS,
      `the reply was lost, and several new ones have that name: "a", "b". ${wayOut} Cause: creating: the line broke.`,
    ),
  ],
  [
    "lost, and the list too",
    [[[], unlisted], lost],
    ["list", "POST", "sleep 0", "list"],
    failed(
      AMBIGUOUS,
      `the reply was lost, and the list cannot be read either (listing: no.). ${wayOut} Cause: creating: the line broke.`,
    ),
  ],
  [
    "a reply nobody can use",
    [[[], things("a", "b")], unusable],
    ["list", "POST", "sleep 0", "list"],
    failed(
      AMBIGUOUS,
      `the reply cannot be used, and several new ones have that name: "a", "b". ${wayOut} Cause: creating: HTML.`,
    ),
  ],
])("%s", async (...[, args, asked, outcome]) => {
  expect(await run(...args)).toEqual({ asked, outcome });
});

describe("two creates at once", () => {
  /** A service of its own, whose POST takes a turn to show in the list. */
  function service(key: (displayName: string) => string) {
    const stored: string[] = [];
    const asked: string[] = [];
    return {
      asked,
      create: (name: string, outcome: "made" | "refused" = "made") =>
        createOnce(testContext(), {
          noun: "Dataset",
          displayName: name,
          key: key(name),
          allowSameName: false,
          listAlike: async () => {
            asked.push(`list for ${name}`);
            return things(...stored.filter((id) => id === name));
          },
          post: async () => {
            asked.push(`POST ${name}`);
            await new Promise((next) => setImmediate(next));
            if (outcome === "refused") throw refused;
            stored.push(name);
            return made(name);
          },
        }),
    };
  }

  test("of the same name: the second sees the first", async () => {
    const { asked, create } = service(() => "same");
    const [first, second] = await Promise.allSettled([create("x"), create("x")]);
    expect(first).toMatchObject({ status: "fulfilled", value: { id: "x" } });
    expect(second).toMatchObject({ status: "rejected", reason: { code: "ALREADY_EXISTS" } });
    expect(asked).toEqual(["list for x", "POST x", "list for x"]);
  });

  test("of the same name: after a refusal the second has its turn", async () => {
    const { asked, create } = service(() => "same again");
    const [first, second] = await Promise.allSettled([create("x", "refused"), create("x")]);
    expect([first, second]).toMatchObject([
      { status: "rejected", reason: { code: "INVALID_REQUEST" } },
      { value: { id: "x" } },
    ]);
    expect(asked).toEqual(["list for x", "POST x", "list for x", "POST x"]);
  });

  test("of two names: side by side", async () => {
    const { asked, create } = service((name) => `key of ${name}`);
    await Promise.all([create("x"), create("y")]);
    expect(asked).toEqual(["list for x", "list for y", "POST x", "POST y"]);
  });
});
