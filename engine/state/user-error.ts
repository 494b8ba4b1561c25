import { messageText } from "../message";

/** What a command ends with, as Pulumi's CLI does. */
export const EXIT = {
  error: 1,
  /** Flags that do not fit, or a question that cannot be asked. */
  configuration: 2,
  noSuchStack: 6,
  /** There were changes, and none was expected. */
  changes: 7,
} as const;

type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** Something that the user can put right: printed as `error: <message>`, without a stack trace. */
export class UserError extends Error {
  override name = "UserError";
  /** What can be done, the option that changes nothing first. At most three. */
  readonly options: readonly string[];
  readonly exitCode: ExitCode;

  /** @param sentence - what happened, at most 160 characters */
  constructor(sentence: string, options: readonly string[] = [], exitCode: ExitCode = EXIT.error) {
    super(messageText(sentence, options));
    this.options = options;
    this.exitCode = exitCode;
  }
}
