/** Something the user must put right: shown as `error: <message>`, without a stack trace. */
export class Refusal extends Error {
  override name = "Refusal";
}
