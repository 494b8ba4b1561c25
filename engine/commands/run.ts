import { DEFAULT_PARALLEL, type Flags } from "../cli";
import { deploy } from "../deployment";
import { Display } from "../display";
import { createProgramHost, createProviderHost } from "../hosts";
import type { DeploymentResult, Op, Snapshot, StackConfig, Verb } from "../model";
import { ORGANIZATION } from "../state/stack-store";
import { EXIT, UserError } from "../state/user-error";
import type { CommandIo } from "./io";
import { confirm, isConfirmed, isInteractive } from "./prompt";
import { Session } from "./session";

type Change = Exclude<Verb, "preview">;

/** `preview`: shows, saves nothing. Resolves to the exit code. */
export async function runPreview(flags: Flags, io: CommandIo): Promise<number> {
  const session = new Session(flags, io);
  const run = new Run(session, flags, io, await session.config());
  const { result } = await run.execute("preview", true, await session.peek());
  if (result.ok) rejectChanges(flags, result, "preview");
  return exitCode(result);
}

/** `up`, `refresh` and `destroy`: preview, question, run. Resolves to the exit code. */
export async function runChange(verb: Change, flags: Flags, io: CommandIo): Promise<number> {
  const session = new Session(flags, io);
  const yes = isConfirmed(flags.yes, io);
  if (flags.previewOnly && flags.yes) {
    throw new UserError("--yes and --preview-only cannot be used together");
  }
  if (flags.previewOnly) return previewOnly(verb, session, flags, io);
  const ask = !yes && !flags.skipPreview;
  if (ask && (flags.json || !isInteractive(io, flags.nonInteractive))) {
    const options = "--yes or --skip-preview or --preview-only";
    throw new UserError(
      `${options} must be passed in to proceed when running in non-interactive mode`,
      [],
      EXIT.configuration,
    );
  }
  const release = session.lock(`pulumi-offline ${verb} --stack ${session.stack}`);
  try {
    const stack = await session.open(verb === "up");
    const run = new Run(session, flags, io, await session.config());
    if (!flags.json && !flags.skipPreview) {
      const preview = await run.execute(verb, true, structuredClone(stack.snapshot));
      if (!preview.result.ok) return exitCode(preview.result);
      const agreed = !ask || (await confirm(io, questionOf(verb), preview.details));
      if (!agreed && !io.signal?.aborted) {
        throw new UserError(`confirmation declined, not proceeding with the ${verb === "up" ? "update" : verb}`);
      }
    }
    if (io.signal?.aborted) throw new UserError(`${verb} was interrupted before it changed anything.`);
    const { result } = await run.execute(verb, false, stack.snapshot, stack.save);
    if (result.ok && verb === "destroy" && !flags.json) io.stdout.write(afterDestroy(session.stack));
    if (result.ok) rejectChanges(flags, result, verb);
    return exitCode(result);
  } finally {
    release();
  }
}

/** Looks without the lock, as a preview does. */
async function previewOnly(verb: Change, session: Session, flags: Flags, io: CommandIo): Promise<number> {
  await session.deployment();
  const run = new Run(session, flags, io, await session.config());
  const { result } = await run.execute(verb, true, await session.peek());
  if (result.ok) rejectChanges(flags, result, verb);
  return exitCode(result);
}

/** Deployments of one command: all with the same project, configuration and display. */
class Run {
  private readonly parallel: number;

  constructor(
    private readonly session: Session,
    private readonly flags: Flags,
    private readonly io: CommandIo,
    private readonly config: StackConfig,
  ) {
    this.parallel = flags.parallel ?? DEFAULT_PARALLEL;
  }

  async execute(
    verb: Verb,
    dryRun: boolean,
    snapshot: Snapshot,
    save: (snapshot: Snapshot) => Promise<void> = async () => {},
  ): Promise<{ result: DeploymentResult; details: () => string }> {
    const { session, flags, io, config } = this;
    const { project, stack } = session;
    const display = new Display({
      stack,
      project: project.name,
      json: flags.json ?? false,
      diff: flags.diff ?? false,
      showSames: flags.showSames ?? false,
      stdout: io.stdout,
      stderr: io.stderr,
      env: io.env,
    });
    const reportInterrupt = () => {
      io.stderr.write("Finishing the running steps; press Ctrl-C again to end immediately.\n");
    };
    io.signal?.addEventListener("abort", reportInterrupt, { once: true });
    // The run has reported by then what was cut short.
    const finish = () => display.finish();
    try {
      const running = deploy({
        verb: verb === "up" && dryRun ? "preview" : verb,
        refresh: flags.refresh ?? false,
        dryRun,
        organization: ORGANIZATION,
        project: project.name,
        stack,
        rootDirectory: project.rootDirectory,
        programDirectory: project.programDirectory,
        config,
        parallel: this.parallel,
        snapshot,
        save,
        emit: display.emit,
        programHost: io.hosts?.program ?? createProgramHost(io.env),
        providerHost: io.hosts?.provider ?? createProviderHost(io.env),
        abort: io.signal ?? new AbortController().signal,
        ...(io.terminate && { terminate: io.terminate }),
        now: () => new Date(),
      });
      io.terminate?.addEventListener("abort", finish, { once: true });
      const result = await running;
      return { result, details: () => display.details() };
    } finally {
      io.signal?.removeEventListener("abort", reportInterrupt);
      io.terminate?.removeEventListener("abort", finish);
      display.finish();
    }
  }
}

function questionOf(verb: Change): string {
  switch (verb) {
    case "up":
      return "Do you want to perform this update?";
    case "refresh":
      return (
        "Do you want to perform this refresh?\n" +
        "No resources will be modified as part of this refresh; just your stack's state will be."
      );
    case "destroy":
      return "Do you want to perform this destroy?";
  }
}

const READS: ReadonlySet<string> = new Set<Op>(["same", "read", "read-replacement", "discard", "discard-replaced"]);

function rejectChanges(flags: Flags, result: DeploymentResult, verb: Verb): void {
  const changed = Object.entries(result.changes).some(([op, count]) => !READS.has(op) && (count ?? 0) > 0);
  if (!flags.expectNoChanges || !changed) return;
  const operation = verb === "up" ? "update" : verb;
  throw new UserError(`no changes were expected for ${operation} but changes were proposed`, [], EXIT.changes);
}

function afterDestroy(stack: string): string {
  return (
    "The resources in the stack have been deleted, but the history and configuration associated with the stack are " +
    `still maintained. \nIf you want to remove the stack completely, run \`pulumi-offline stack rm ${stack}\`.\n`
  );
}

function exitCode(result: DeploymentResult): number {
  return result.ok ? 0 : EXIT.error;
}
