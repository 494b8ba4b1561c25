import type { Case } from "../model";
import { again, destroy, program, ref, refresh, thing, up } from "./declare";

const serial = { serial: true };

export const INTERRUPTED: Case[] = [
  {
    name: "killed in a create",
    steps: [
      up(
        { ...program(thing("a"), thing("b", { value: ref("a") })), ...serial },
        { faults: { "create b": { hang: true } }, kill: "create b" },
      ),
      again,
      refresh,
      destroy,
    ],
  },
  {
    name: "killed in an update",
    steps: [
      up(program(thing("a", { value: 1 }))),
      up(
        { ...program(thing("a", { value: 2 })), ...serial },
        { faults: { "update a": { hang: true } }, kill: "update a" },
      ),
      again,
      again,
    ],
  },
  {
    name: "killed in a deletion",
    steps: [
      up(program(thing("a"))),
      { run: "destroy", faults: { "delete a": { hang: true } }, kill: "delete a" },
      refresh,
      destroy,
    ],
  },
  {
    name: "killed in a replacement, delete first",
    steps: [
      up(program(thing("a", { fixedFirst: 1 }))),
      up(
        { ...program(thing("a", { fixedFirst: 2 })), ...serial },
        { faults: { "create a": { hang: true } }, kill: "create a" },
      ),
      again,
    ],
  },
];
