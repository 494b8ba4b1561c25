import type { Created } from "../../../provider/api/endpoints";
import { ProcessMindError } from "../../../provider/errors";
import { type CreateOnce, createOnce } from "../../../provider/lifecycles/create-once";
import { alreadyExists, ambiguousCreate } from "../../../provider/messages/objects";
import { testContext } from "../../support/context";

interface Thing {
  id: string;
  displayName?: string;
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
    (error: ProcessMindError) => ({ code: error.code, message: error.message, candidates: error.candidates }),
  );
  return { asked, outcome };
}

function settle<T>(value: T | Error): T {
  if (value instanceof Error) throw value;
  return value;
}

const found = (id: string) => ({ id, details: { id } });
const thrown = ({ code, message, candidates }: ProcessMindError) => ({ code, message, candidates });
const exists = (...ids: string[]) => thrown(alreadyExists("Dataset", "Sales", things(...ids)));
const ambiguous = (list: Parameters<typeof ambiguousCreate>[2], cause: ProcessMindError, ...ids: string[]) =>
  thrown(ambiguousCreate("Dataset", "Sales", list, things(...ids), cause));

test.each<[string, Parameters<typeof run>, string[], object]>([
  ["nothing of that name", [[[]], made("new")], ["list", "POST"], found("new")],
  ["one is there", [[things("old")], made("new")], ["list"], exists("old")],
  ["two are there", [[things("a", "b")], made("new")], ["list"], exists("a", "b")],
  ["one is there, and may be", [[things("old")], made("new"), true], ["list", "POST"], found("new")],
  ["the list cannot be read", [[unlisted], made("new")], ["list"], thrown(unlisted)],
  ["surely rejected", [[[]], refused], ["list", "POST"], thrown(refused)],
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
    ambiguous("none", lost),
  ],
  [
    "lost, and the old one is no proof",
    [[things("old"), things("old"), things("old"), things("old")], lost, true],
    ["list", "POST", "sleep 0", "list", "sleep 1000", "list", "sleep 3000", "list"],
    ambiguous("none", lost),
  ],
  [
    "lost, and two are new",
    [[[], things("a", "b")], lost],
    ["list", "POST", "sleep 0", "list"],
    ambiguous("several", lost, "a", "b"),
  ],
  [
    "lost, and the list too",
    [[[], unlisted], lost],
    ["list", "POST", "sleep 0", "list"],
    ambiguous("no list", unlisted),
  ],
  [
    "a reply nobody can use",
    [[[], things("a", "b")], unusable],
    ["list", "POST", "sleep 0", "list"],
    ambiguous("several", unusable, "a", "b"),
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
