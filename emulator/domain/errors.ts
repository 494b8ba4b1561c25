import { messageText } from "../../engine/message";

/** Why the domain rejects a request. The wire decides which HTTP status that is. */
export type RequestErrorCode = "INVALID" | "MISSING" | "CONFLICT";

/** A request that the domain rejects; the client gets `message`. */
export class RequestError extends Error {
  constructor(
    readonly code: RequestErrorCode,
    message: string,
  ) {
    super(message);
    this.name = "RequestError";
  }
}

/** Wrong use of the emulator itself: options, faults, behaviours, a data folder that cannot be used. */
export class EmulatorError extends Error {
  override name = "EmulatorError";

  /**
   * @param sentence - what happened, at most 160 characters
   * @param options - what can be done, the option that changes nothing first
   * @param cause - the system's error behind it, with its `code`
   */
  constructor(
    sentence: string,
    readonly options: readonly string[] = [],
    cause?: Error,
  ) {
    super(messageText(sentence, options), { cause });
  }
}
