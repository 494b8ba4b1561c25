import type { Case } from "../model";
import { again, bare, component, destroy, plain, preview, program, ref, scripted, thing, up } from "./declare";

const chain = program(
  component("group"),
  thing("a", { value: 1 }, { parent: "group" }),
  plain("b", { value: ref("a"), list: [1, 2, 3] }),
);

export const LIFECYCLE: Case[] = [
  { name: "create, same, destroy", steps: [preview(chain, "--diff"), up(chain), again, destroy] },
  {
    name: "create, same, destroy, with details",
    steps: [up(chain, { flags: ["--diff"] }), { run: "up", flags: ["--diff"] }, { run: "destroy", flags: ["--diff"] }],
  },
  { name: "an empty program", steps: [preview(program()), up(program()), destroy] },
  {
    name: "update by the provider's answer",
    steps: [
      up(program(thing("a", { value: 1 }))),
      preview(program(thing("a", { value: 2, other: "x" }))),
      preview(program(thing("a", { value: 2, other: "x" })), "--diff"),
      preview(program(thing("a", { value: 2, other: "x" })), "--json"),
      up(program(thing("a", { value: 2, other: "x" }))),
    ],
  },
  {
    name: "a change that the provider does not see",
    steps: [up(program(thing("a", { other: 1 }))), up(program(thing("a", { other: 2 })))],
  },
  {
    name: "update by the engine's comparison",
    steps: [
      up(program(plain("a", { value: { x: 1, y: [1, 2] }, gone: true }))),
      preview(program(plain("a", { value: { x: 2, y: [1, 3, 4] }, added: "x" })), "--json"),
      preview(program(plain("a", { value: { x: 2, y: [1, 3, 4] }, added: "x" })), "--diff"),
      up(program(plain("a", { value: { x: 2, y: [1, 3, 4] }, added: "x" }))),
    ],
  },
  {
    name: "a provider that only creates and deletes",
    steps: [up(program(bare("a", { value: 1 }))), up(program(bare("a", { value: 2 }))), { run: "refresh" }, destroy],
  },
  {
    name: "answers of a diff that say nothing of changes",
    steps: [
      up(program(scripted("a", { value: 1, answer: {} }))),
      up(program(scripted("a", { value: 2, answer: { replaces: ["value"] } }))),
      up(program(scripted("a", { value: 3, answer: { changes: false, replaces: ["value"] } }))),
      up(
        program(scripted("a", { value: 4, answer: { changes: true, replaces: ["value"], deleteBeforeReplace: true } })),
      ),
      up(program(scripted("a", { value: 5, answer: { changes: false } }))),
    ],
  },
  {
    name: "what is no longer declared is deleted, dependents first",
    steps: [up(chain), preview(program(), "--diff"), up(program())],
  },
  {
    name: "outputs appear, change and go",
    steps: [
      up({ ...program(thing("a")), outputs: { id: ref("a"), text: "one", object: { x: 1, y: [1] } } }),
      preview({ ...program(thing("a")), outputs: { id: ref("a"), text: "two", added: [1, "x"] } }),
      up({ ...program(thing("a")), outputs: { id: ref("a"), text: "two", added: [1, "x"] } }),
      { run: "output" },
      { run: "output", flags: ["--json"] },
      { run: "output", flags: ["text"] },
      { run: "output", flags: ["nothing"] },
    ],
  },
  { name: "no outputs", steps: [up(program()), { run: "output" }] },
  {
    name: "outputs of a component",
    steps: [
      up({ resources: [{ ...component("group", { size: 1 }), outputs: { text: "one" } }] }),
      preview({ resources: [{ ...component("group", { size: 2 }), outputs: { text: "two" } }] }, "--diff"),
      up({ resources: [{ ...component("group", { size: 2 }), outputs: { text: "two" } }] }),
    ],
  },
  {
    name: "component trees",
    steps: [
      up(
        program(
          component("outer"),
          component("inner", {}, { parent: "outer" }),
          thing("a", {}, { parent: "inner" }),
          thing("b", {}, { parent: "a" }),
          thing("c", {}, { dependsOn: ["outer"] }),
        ),
      ),
      preview(program(component("outer"), thing("c", {}, { dependsOn: ["outer"] }))),
      up(program(component("outer"), thing("c", {}, { dependsOn: ["outer"] }))),
      destroy,
    ],
  },
  {
    name: "a check that adds and one that refuses",
    steps: [
      up(program(thing("a", { defaulted: "" }))),
      preview({ ...program(thing("a", { value: "invalid" }), thing("b")), serial: true }),
      up(program(thing("a", { value: "nothing" }))),
      up(program(thing("a", { value: "invalid" })), { flags: ["--diff"] }),
    ],
  },
  {
    name: "configuration reaches the default provider",
    config: { region: "north" },
    steps: [up(program(thing("a"))), preview(program(thing("a")), "--json"), destroy],
  },
  {
    name: "--expect-no-changes",
    steps: [
      up(program(thing("a", { value: 1 }))),
      { run: "preview", flags: ["--expect-no-changes"] },
      preview(program(thing("a", { value: 2 })), "--expect-no-changes"),
      up(program(thing("a", { value: 2 })), { flags: ["--expect-no-changes"] }),
      { run: "up", flags: ["--expect-no-changes"] },
    ],
  },
  {
    name: "long and many-lined values",
    steps: [
      preview(
        program(
          thing("a", {
            long: { $long: 400 },
            lines: "a\nb\nc",
            empty: "",
            none: null,
            list: [],
            object: {},
            number: 1.5,
          }),
        ),
        "--diff",
      ),
      up(program(plain("a", { long: { $long: 400 }, lines: "a\nb\nc", list: [{ x: 1 }], flag: true }))),
      preview(program(plain("a", { long: { $long: 401 }, lines: "a\nx\nc", list: [{ x: 2 }], flag: false })), "--diff"),
    ],
  },
];
