import type { Case, Program } from "../model";
import { again, component, destroy, program, ref, refresh, thing, up } from "./declare";

const serial = (of: Program): Program => ({ ...of, serial: true });
const three = serial(program(thing("a"), thing("b", { value: ref("a") }), thing("c", { value: ref("b") })));

export const FAILURES: Case[] = [
  { name: "a create fails", steps: [up(three, { faults: { "create b": { error: "no room\nat all" } } }), again] },
  {
    name: "a create fails, with details",
    steps: [up(three, { faults: { "create b": { error: "no room" } }, flags: ["--diff"] })],
  },
  {
    name: "an update fails",
    steps: [
      up(serial(program(thing("a", { value: 1 }), thing("b")))),
      up(serial(program(thing("a", { value: 2 }), thing("b"))), { faults: { "update a": { error: "not now" } } }),
      again,
    ],
  },
  {
    name: "a deletion fails",
    steps: [
      up(program(thing("a"), thing("b"), thing("c", { value: ref("b") }))),
      up(program(), { faults: { "delete b": { error: "in use" } } }),
      { run: "destroy", faults: { "delete a": { error: "in use" } } },
      { run: "destroy", faults: { "delete a": { error: "in use" } }, flags: ["--diff"] },
      destroy,
    ],
  },
  {
    name: "a check, a diff and a read fail",
    steps: [
      up(serial(program(thing("a", { value: 1 }))), { faults: { "check a": { error: "cannot check" } } }),
      up(serial(program(thing("a", { value: 1 })))),
      up(serial(program(thing("a", { value: 2 }))), { faults: { "diff a": { error: "cannot compare" } } }),
      { run: "preview", faults: { "diff a": { error: "cannot compare" } } },
      { run: "refresh", faults: { "read a": { error: "cannot read" } } },
    ],
  },
  {
    name: "a partial create",
    steps: [
      up(serial(program(thing("a"), thing("b", { value: ref("a") }))), {
        faults: { "create a": { partial: "not ready" } },
      }),
      { run: "preview", flags: ["--json"] },
      again,
      again,
    ],
  },
  {
    name: "a partial update",
    steps: [
      up(serial(program(thing("a", { value: 1 })))),
      up(serial(program(thing("a", { value: 2 }))), { faults: { "update a": { partial: "not ready" } } }),
      again,
    ],
  },
  {
    name: "a partial replacement",
    steps: [
      up(serial(program(thing("a", { fixed: 1 })))),
      up(serial(program(thing("a", { fixed: 2 }))), { faults: { "create a": { partial: "not ready" } } }),
      again,
    ],
  },
  {
    name: "an unhealthy object, with replaceOnChanges of everything",
    steps: [
      up(serial(program(thing("a"))), { faults: { "create a": { partial: "not ready" } } }),
      up(serial(program(thing("a", {}, { replaceOnChanges: ["*"] })))),
    ],
  },
  {
    name: "an empty id",
    steps: [up(serial(program(thing("a"))), { faults: { "create a": { id: "" } } })],
  },
  {
    name: "a program that throws keeps the outputs it had",
    steps: [
      up({ ...program(thing("a")), outputs: { one: 1, two: 2 } }),
      up({ ...serial(program(thing("a"), thing("b"))), throws: "this went wrong" }),
      { run: "output" },
      { run: "preview" },
      up({ ...program(thing("a")), outputs: { one: 3 } }),
    ],
  },
  {
    name: "a program that fails with a stack",
    steps: [up({ ...serial(program(thing("a"))), rejects: "this went wrong" })],
  },
  {
    name: "a step fails, and the outputs are kept",
    steps: [
      up({ ...program(thing("a", { value: 1 })), outputs: { value: ref("a", "value"), other: 1 } }),
      up(
        { ...serial(program(thing("a", { value: 2 }))), outputs: { value: ref("a", "value") } },
        { faults: { "update a": { error: "not now" } } },
      ),
    ],
  },
  {
    name: "messages of a program",
    steps: [
      up({
        ...program(thing("a")),
        logs: [
          { severity: "info", message: "an info\nof two lines" },
          { severity: "warn", message: "a warning" },
        ],
      }),
      { run: "preview", flags: ["--json"] },
      up({ ...program(thing("a")), logs: [{ severity: "error", message: "an error" }] }),
      { run: "preview" },
    ],
  },
  {
    name: "a parent's child fails",
    steps: [
      up(serial(program(component("group"), thing("a", {}, { parent: "group" }), thing("b"))), {
        faults: { "create a": { error: "no room" } },
      }),
      refresh,
      destroy,
    ],
  },
];
