import type { Case } from "../model";
import { account, again, component, destroy, got, plain, preview, program, ref, refresh, thing, up } from "./declare";

const HIDING = { hideDiffs: ["value", "parts.x"] };

export const OPTIONS: Case[] = [
  {
    name: "deletedWith leaves the deletion to that of the other",
    steps: [
      up(
        program(
          thing("a"),
          thing("b", {}, { deletedWith: "a" }),
          thing("c", { value: ref("b") }, { deletedWith: "b" }),
        ),
      ),
      up(program(thing("a"), thing("b", {}, { deletedWith: "a" }))),
      destroy,
    ],
  },
  {
    name: "deletedWith, and the other is replaced",
    steps: [
      up(program(thing("a", { fixed: 1 }), thing("b", {}, { deletedWith: "a" }))),
      preview(program(thing("a", { fixed: 2 }), thing("b", {}, { deletedWith: "a" })), "--json"),
      up(program(thing("a", { fixed: 2 }), thing("b", {}, { deletedWith: "a" }))),
    ],
  },
  {
    name: "deletedWith, and the other is replaced, delete first",
    steps: [
      up(program(thing("a", { fixedFirst: 1 }), thing("b", {}, { deletedWith: "a" }))),
      up(program(thing("a", { fixedFirst: 2 }), thing("b", {}, { deletedWith: "a" }))),
    ],
  },
  {
    name: "protect refuses a deletion",
    steps: [
      up(program(thing("a", {}, { protect: true }), thing("b"))),
      preview(program(thing("b"))),
      up(program(thing("b"))),
      destroy,
    ],
  },
  {
    name: "protect refuses a replacement",
    steps: [
      up(program(thing("a", { fixed: 1 }, { protect: true }))),
      preview(program(thing("a", { fixed: 2 }, { protect: true }))),
      up(program(thing("a", { fixed: 2 }, { protect: true }))),
      up(program(thing("a", { fixed: 2 }))),
    ],
  },
  {
    name: "protect stops a chain of replacements",
    steps: [
      up(program(thing("a", { fixedFirst: 1 }), thing("b", { fixed: ref("a") }, { protect: true }))),
      up(program(thing("a", { fixedFirst: 2 }), thing("b", { fixed: ref("a") }, { protect: true }))),
    ],
  },
  {
    name: "protect appears and goes",
    steps: [
      up(program(thing("a"))),
      preview(program(thing("a", {}, { protect: true }))),
      preview(program(thing("a", {}, { protect: true })), "--diff"),
      preview(program(thing("a", {}, { protect: true })), "--json"),
      up(program(thing("a", {}, { protect: true }))),
      up(program(thing("a"))),
    ],
  },
  {
    name: "retainOnDelete forgets without deleting",
    steps: [
      up(program(thing("a", { fixed: 1 }, { retainOnDelete: true }))),
      up(program(thing("a", { fixed: 2 }, { retainOnDelete: true }))),
      destroy,
    ],
  },
  {
    name: "ignoreChanges of a key and of paths",
    steps: [
      up(program(plain("a", { value: 1, parts: { x: 1, y: 1 }, list: [{ n: 1 }, { n: 2 }], gone: 1 }))),
      up(
        program(
          plain(
            "a",
            { value: 2, parts: { x: 2, y: 2 }, list: [{ n: 3 }, { n: 4 }], added: 1 },
            { ignoreChanges: ["value", "parts.x", "list[0].n", "list[*].m", "gone", "added"] },
          ),
        ),
      ),
      again,
    ],
  },
  {
    name: "ignoreChanges of a path that is not there",
    steps: [
      up(program(thing("a", { value: 1, list: [1] }))),
      up(program(thing("a", { value: 2, list: [1, 2] }, { ignoreChanges: ["list[1]", "parts.x.y", "nothing"] }))),
    ],
  },
  {
    name: "ignoreChanges of everything",
    steps: [
      up(program(plain("a", { value: 1 }))),
      up(program(plain("a", { value: 2, more: 1 }, { ignoreChanges: ["*"] }))),
    ],
  },
  {
    name: "hideDiffs of a key and of a path",
    steps: [
      up(program(thing("a", { value: 1, parts: { x: 1, y: 1 } }, HIDING))),
      preview(program(thing("a", { value: 2, parts: { x: 2, y: 2 } }, HIDING))),
      { run: "preview", flags: ["--diff"] },
      { run: "preview", flags: ["--json"] },
      { run: "up", flags: ["--diff"] },
      destroy,
    ],
  },
  {
    name: "--show-sames",
    steps: [
      up(program(thing("a", { value: 1 }), component("g"))),
      { run: "preview", flags: ["--json", "--show-sames"] },
      { run: "preview", flags: ["--show-sames"] },
      { run: "preview", flags: ["--diff", "--show-sames"] },
    ],
  },
  {
    name: "replaceOnChanges where the engine compares",
    steps: [
      up(program(plain("a", { value: 1, parts: { x: 1, y: 1 } }))),
      preview(program(plain("a", { value: 1, parts: { x: 2, y: 1 } }, { replaceOnChanges: ["parts.x"] })), "--json"),
      up(program(plain("a", { value: 1, parts: { x: 2, y: 1 } }, { replaceOnChanges: ["parts.x"] }))),
      up(program(plain("a", { value: 2, parts: { x: 2, y: 1 } }, { replaceOnChanges: ["value"] }))),
      up(program(plain("a", { value: 3, parts: { x: 2, y: 1 } }, { replaceOnChanges: ["*"] }))),
    ],
  },
  {
    name: "replaceOnChanges where the provider compares",
    steps: [
      up(program(thing("a", { value: 1 }))),
      up(program(thing("a", { value: 2 }, { replaceOnChanges: ["value"] }))),
    ],
  },
  {
    name: "aliases of a name",
    steps: [
      up(program(thing("a"), thing("b", { value: ref("a") }))),
      preview(
        program(thing("z", { label: "a" }, { aliases: [{ name: "a" }] }), thing("b", { value: ref("z") })),
        "--json",
      ),
      up(program(thing("z", { label: "a" }, { aliases: [{ name: "a" }] }), thing("b", { value: ref("z") }))),
      again,
    ],
  },
  {
    name: "aliases of a parent and of a type",
    steps: [
      up(
        program(
          component("group"),
          thing("a"),
          { ...component("old"), type: "Old" },
          thing("b", {}, { parent: "old" }),
        ),
      ),
      up(
        program(
          component("group"),
          thing("a", {}, { parent: "group", aliases: [{ parent: "$root" }] }),
          component("old", {}, { aliases: [{ type: "test:index:Old" }] }),
          thing("b", {}, { parent: "old" }),
        ),
      ),
      again,
    ],
  },
  {
    name: "aliases that children inherit, with their prefix",
    steps: [
      up(program(component("old"), thing("old-a", { label: "a" }, { parent: "old" }))),
      up(
        program(
          component("new", {}, { aliases: [{ name: "old" }] }),
          thing("new-a", { label: "a" }, { parent: "new" }),
        ),
      ),
    ],
  },
  {
    name: "two resources claim one alias",
    steps: [
      up(program(thing("a"))),
      up({
        ...program(thing("x", {}, { aliases: [{ name: "a" }] }), thing("y", {}, { aliases: [{ name: "a" }] })),
        serial: true,
      }),
    ],
  },
  {
    name: "an alias of a whole URN, with an update",
    steps: [
      up(program(thing("a", { value: 1 }))),
      up(
        program(
          thing(
            "b",
            { value: 2, label: "a" },
            { aliases: ["urn:pulumi:dev::demo::pulumi-nodejs:dynamic/test:Thing::a"] },
          ),
        ),
      ),
    ],
  },
  {
    name: "an explicit provider, and a change of provider",
    config: { region: "south" },
    steps: [
      up(program(account("north", { "demo:region": "north" }), thing("a", {}, { provider: "north" }), thing("b"))),
      preview(program(account("north", { "demo:region": "east" }), thing("a"), thing("b", {}, { provider: "north" }))),
      up(program(account("north", { "demo:region": "east" }), thing("a"), thing("b", {}, { provider: "north" }))),
      destroy,
    ],
  },
  {
    name: "protect, retainOnDelete and deletedWith come from the parent",
    steps: [
      up(
        program(
          component("group", {}, { protect: true, retainOnDelete: true }),
          thing("a", {}, { parent: "group" }),
          thing("b", {}, { parent: "group", protect: false }),
        ),
      ),
      up(program(component("group", {}, { retainOnDelete: true }), thing("a", {}, { parent: "group" }))),
    ],
  },
  {
    name: "get reads, and leaves alone what it read",
    steps: [
      up(program(thing("a", { value: 1 }))),
      up({
        ...program(thing("a", { value: 1 }), got("g", "a-1", { value: 1 })),
        outputs: { value: ref("g", "value") },
      }),
      refresh,
      up(program(thing("a", { value: 1 }))),
      destroy,
    ],
  },
  {
    name: "get in place of a resource, and back",
    steps: [
      up(program(thing("a", { value: 1 }), thing("b"))),
      up(program(got("a", "a-1"), thing("b"))),
      up(program(thing("a", { value: 1 }), thing("b"))),
      up(program(got("a", "b-1"), thing("b"))),
    ],
  },
  {
    name: "get of what is not there",
    steps: [up(program(got("g", "nothing-1"))), { run: "preview" }],
  },
  {
    name: "get of an id that a preview does not know",
    steps: [preview(program(thing("a"), got("g", ref("a"))), "--json"), up(program(thing("a"), got("g", ref("a"))))],
  },
  {
    name: "duplicate names",
    steps: [
      up({ ...program(thing("a"), thing("a")), serial: true }),
      preview({ ...program(thing("a"), thing("a")), serial: true }),
    ],
  },
];
