import type { Case } from "../model";
import { plain, preview, program, ref, refresh, secret, thing, up } from "./declare";

export const SECRETS: Case[] = [
  {
    name: "secret inputs and what is made of them",
    steps: [
      up({
        ...program(
          thing("a", { secret: secret("s1"), parts: { open: 1, hidden: secret("s2") } }),
          thing("b", { value: ref("a", "secret") }),
        ),
        outputs: { hidden: secret({ x: 1 }), shadow: ref("a", "shadow") },
      }),
      preview(program(thing("a", { secret: secret("s3") }), thing("b", { value: ref("a", "secret") })), "--diff"),
      preview(program(thing("a", { secret: secret("s3") })), "--json"),
      { run: "output" },
      { run: "output", flags: ["--json", "--show-secrets"] },
      refresh,
      up(program(thing("a", { secret: secret("s3") }), thing("b", { value: ref("a", "secret") }))),
    ],
  },
  {
    name: "additionalSecretOutputs",
    steps: [
      up(program(thing("a", { value: 1 }, { additionalSecretOutputs: ["serial", "value"] }))),
      up(program(thing("a", { value: 2 }, { additionalSecretOutputs: ["serial", "id"] }))),
      up(program(thing("a", { value: 2 }))),
    ],
  },
  {
    name: "a value becomes secret, and open again",
    steps: [
      up(program(plain("a", { value: "x" }))),
      preview(program(plain("a", { value: secret("x") }))),
      up(program(plain("a", { value: secret("x") }))),
      up(program(plain("a", { value: "x" }))),
    ],
  },
];
