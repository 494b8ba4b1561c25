import { messageText } from "../../engine/message";

/** Why the domain refuses a request. The wire decides which HTTP status that is. */
export type RefusalCode = "INVALID" | "MISSING" | "CONFLICT";

/** A request the domain refuses; `message` is what the client is told. */
export class Refusal extends Error {
  constructor(
    readonly code: RefusalCode,
    message: string,
  ) {
    super(message);
    this.name = "Refusal";
  }
}

/** Wrong use of the emulator itself: options, faults, behaviours, a data folder that cannot be used. */
export class EmulatorError extends Error {
  override name = "EmulatorError";

  /**
   * @param sentence - what happened, at most 160 characters
   * @param options - what can be done, the option that changes nothing first
   */
  constructor(
    sentence: string,
    readonly options: readonly string[] = [],
  ) {
    super(messageText(sentence, options));
  }
}
