import type { Case } from "../model";
import { again, component, destroy, plain, preview, program, ref, scripted, thing, up } from "./declare";

const pair = (inputs: { [key: string]: number }, more = {}) =>
  program(thing("a", inputs), thing("b", { fixed: ref("a"), ...more }));

export const REPLACE: Case[] = [
  {
    name: "replace, create first",
    steps: [
      up(program(thing("a", { fixed: 1 }))),
      preview(program(thing("a", { fixed: 2 }))),
      preview(program(thing("a", { fixed: 2 })), "--diff"),
      preview(program(thing("a", { fixed: 2 })), "--json"),
      up(program(thing("a", { fixed: 2 }))),
    ],
  },
  {
    name: "replace, delete first by the provider's answer",
    steps: [
      up(program(thing("a", { fixedFirst: 1 }))),
      preview(program(thing("a", { fixedFirst: 2 })), "--json"),
      up(program(thing("a", { fixedFirst: 2 }))),
    ],
  },
  {
    name: "replace, with details",
    steps: [
      up(program(thing("a", { fixed: 1, keep: "x" }))),
      up(program(thing("a", { fixed: 2, keep: "x" })), { flags: ["--diff"] }),
    ],
  },
  {
    name: "deleteBeforeReplace beats the provider's answer",
    steps: [
      up(program(thing("a", { fixed: 1, fixedFirst: 1 }))),
      up(program(thing("a", { fixed: 2, fixedFirst: 1 }, { deleteBeforeReplace: true }))),
      up(program(thing("a", { fixed: 2, fixedFirst: 2 }, { deleteBeforeReplace: false }))),
    ],
  },
  {
    name: "a chain of replacements, create first",
    steps: [up(pair({ fixed: 1 })), preview(pair({ fixed: 2 })), up(pair({ fixed: 2 }))],
  },
  {
    name: "a chain of replacements, delete first",
    steps: [up(pair({ fixedFirst: 1 })), preview(pair({ fixedFirst: 2 })), up(pair({ fixedFirst: 2 })), again],
  },
  {
    name: "delete first leaves alone what can outlive it",
    steps: [
      up(program(thing("a", { fixedFirst: 1 }), thing("b", { value: ref("a") }), thing("c", {}, { dependsOn: ["a"] }))),
      up(program(thing("a", { fixedFirst: 2 }), thing("b", { value: ref("a") }), thing("c", {}, { dependsOn: ["a"] }))),
    ],
  },
  {
    name: "delete first with a dependent that is gone from the program",
    steps: [up(pair({ fixedFirst: 1 })), up(program(thing("a", { fixedFirst: 2 })))],
  },
  {
    name: "delete first with three levels",
    steps: [
      up(program(thing("a", { fixedFirst: 1 }), thing("b", { fixed: ref("a") }), thing("c", { fixed: ref("b") }))),
      preview(
        program(thing("a", { fixedFirst: 2 }), thing("b", { fixed: ref("a") }), thing("c", { fixed: ref("b") })),
        "--json",
      ),
      up(program(thing("a", { fixedFirst: 2 }), thing("b", { fixed: ref("a") }), thing("c", { fixed: ref("b") }))),
    ],
  },
  {
    name: "delete first with a plain dependent",
    steps: [
      up(program(thing("a", { fixedFirst: 1 }), plain("b", { value: ref("a") }, { replaceOnChanges: ["value"] }))),
      up(program(thing("a", { fixedFirst: 2 }), plain("b", { value: ref("a") }, { replaceOnChanges: ["value"] }))),
    ],
  },
  {
    name: "a replacement whose creation fails",
    steps: [
      up(program(thing("a", { fixed: 1 }))),
      up({ ...program(thing("a", { fixed: 2 })), serial: true }, { faults: { "create a": { error: "no room" } } }),
      again,
    ],
  },
  {
    name: "a delete-first replacement whose creation fails",
    steps: [
      up(program(thing("a", { fixedFirst: 1 }))),
      up({ ...program(thing("a", { fixedFirst: 2 })), serial: true }, { faults: { "create a": { error: "no room" } } }),
      { run: "preview", flags: ["--json"] },
      again,
    ],
  },
  {
    name: "a delete-first replacement that is no longer wanted",
    steps: [
      up(program(thing("a", { fixedFirst: 1 }), thing("b"))),
      up(
        { ...program(thing("a", { fixedFirst: 2 }), thing("b")), serial: true },
        { faults: { "create a": { error: "no room" } } },
      ),
      up(program(thing("b"))),
    ],
  },
  {
    name: "a delete-first replacement whose deletion fails",
    steps: [
      up(program(thing("a", { fixedFirst: 1 }))),
      up({ ...program(thing("a", { fixedFirst: 2 })), serial: true }, { faults: { "delete a": { error: "in use" } } }),
      again,
    ],
  },
  {
    name: "a replacement whose old object cannot be deleted",
    steps: [
      up(program(thing("a", { fixed: 1 }))),
      up(program(thing("a", { fixed: 2 })), { faults: { "delete a": { error: "in use" } } }),
      { run: "preview" },
      again,
    ],
  },
  {
    name: "ignoreChanges does not survive a replacement",
    steps: [
      up(program(thing("a", { fixed: 1, value: 1 }))),
      up(program(thing("a", { fixed: 2, value: 2 }, { ignoreChanges: ["value"] }))),
    ],
  },
  {
    name: "a change of kind: custom to component",
    steps: [up(program(thing("a"))), up(program(component("a")))],
  },
  {
    name: "replaces without a detailed diff",
    steps: [
      up(program(scripted("a", { value: 1 }))),
      preview(program(scripted("a", { value: 2, answer: { changes: true, replaces: ["value"] } })), "--diff"),
      up(program(scripted("a", { value: 2, answer: { changes: true, replaces: ["value"] } }))),
    ],
  },
  {
    name: "destroy after a replacement that was cut short",
    steps: [
      up(program(thing("a", { fixed: 1 }))),
      up(program(thing("a", { fixed: 2 })), { faults: { "delete a": { error: "in use" } } }),
      destroy,
    ],
  },
];
