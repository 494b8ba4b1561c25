import type { Case } from "../model";
import { again, component, destroy, plain, preview, program, ref, refresh, thing, up } from "./declare";

export const REFRESH: Case[] = [
  {
    name: "refresh without drift",
    steps: [up(program(component("g"), thing("a", { value: 1 }, { parent: "g" }))), refresh, again],
  },
  {
    name: "refresh of an empty stack",
    steps: [refresh, { run: "refresh", flags: ["--diff"] }, destroy],
  },
  {
    name: "refresh with drift",
    steps: [
      up(program(thing("a", { value: 1 }), plain("b", { value: 1 }))),
      {
        run: "refresh",
        flags: ["--preview-only"],
        objects: { "a-1": { label: "a", value: 5, serial: 1 }, "b-1": { label: "b", value: 6, more: true, serial: 1 } },
      },
      { run: "refresh", flags: ["--preview-only", "--diff"] },
      refresh,
      { run: "preview", flags: ["--diff"] },
      again,
    ],
  },
  {
    name: "refresh with drift, with details",
    steps: [
      up(program(thing("a", { value: 1 }), plain("b", { value: 1 }))),
      { run: "refresh", flags: ["--diff"], objects: { "a-1": { label: "a", value: 5, serial: 1 } } },
    ],
  },
  {
    name: "refresh when the provider returns no inputs",
    steps: [
      up(program(thing("a", { value: 1 }))),
      {
        run: "refresh",
        objects: { "a-1": { label: "a", value: 5, serial: 1 } },
        faults: { "read a": { withoutInputs: true } },
      },
      again,
    ],
  },
  {
    name: "refresh with what vanished",
    steps: [
      up(
        program(
          thing("a"),
          thing("b", { value: ref("a") }),
          thing("c", {}, { parent: "a" }),
          thing("d", {}, { deletedWith: "a" }),
        ),
      ),
      { run: "refresh", flags: ["--preview-only"], objects: { "a-1": null } },
      refresh,
      again,
    ],
  },
  {
    name: "refresh of an unhealthy object",
    steps: [
      up(program(thing("a", { value: 1 }))),
      { run: "refresh", faults: { "read a": { partial: "not ready" } } },
      again,
    ],
  },
  {
    name: "--refresh with preview, up and destroy",
    steps: [
      up(program(thing("a", { value: 1 }), thing("b", { value: 1 }))),
      { run: "preview", flags: ["--refresh"], objects: { "a-1": { label: "a", value: 5, serial: 1 } } },
      { run: "up", flags: ["--refresh"] },
      preview(program(thing("a", { value: 1 }), thing("b", { value: 1 })), "--refresh", "--json"),
      { run: "destroy", flags: ["--refresh"], objects: { "b-1": null } },
    ],
  },
  {
    name: "a failing read keeps the others",
    steps: [
      up(program(thing("a", { value: 1 }), thing("b", { value: 1 }))),
      {
        run: "refresh",
        objects: { "b-1": { label: "b", value: 5, serial: 1 } },
        faults: { "read a": { error: "cannot read" } },
      },
      { run: "up", flags: ["--refresh"], faults: { "read a": { error: "cannot read" } } },
    ],
  },
  {
    name: "destroy, previewed and done",
    steps: [
      up(program(component("g"), thing("a", {}, { parent: "g" }), thing("b", { value: ref("a") }))),
      { run: "destroy", flags: ["--preview-only"] },
      { run: "destroy", flags: ["--preview-only", "--diff"] },
      destroy,
      destroy,
    ],
  },
];
