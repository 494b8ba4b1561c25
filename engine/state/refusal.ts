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

/** Something the user must put right: shown as `error: <message>`, without a stack trace. */
export class Refusal extends Error {
  override name = "Refusal";

  constructor(
    message: string,
    readonly exitCode: ExitCode = EXIT.error,
  ) {
    super(message);
  }
}
