import type { DeploymentOptions, DeploymentResult, ProgramOptions, Properties } from "../model";
import { errorMessage } from "./action";
import { endPhase } from "./end-phase";
import { Executor } from "./executor";
import { pendingText } from "./pending";
import { Program, setOutputs } from "./program";
import { refresh } from "./refresh";
import { Run } from "./run";
import { SaveFailure, unsavedText } from "./unsaved";

/** One deployment from its first event to its last. */
export async function deployRun(options: DeploymentOptions): Promise<DeploymentResult> {
  const run = new Run(options);
  options.emit({ kind: "start", verb: options.verb, dryRun: options.dryRun, config: options.config });
  try {
    await phases(run).catch((error: unknown) => {
      if (!(error instanceof SaveFailure)) run.bail("", errorMessage(error));
    });
    // The run keeps a failure, and reports what the state lacks then.
    await run.state.flush().catch(() => undefined);
    conclude(run);
  } finally {
    await run.close();
  }
  const result = run.result();
  options.emit({ kind: "end", result });
  return result;
}

async function phases(run: Run): Promise<void> {
  const { verb, snapshot } = run.options;
  const executor = new Executor(run);
  if (run.options.refresh || verb === "refresh") await refresh(run, executor);
  else if (snapshot.pendingOperations.length > 0) run.report("warning", pendingText(snapshot.pendingOperations));
  if (run.ok) {
    if (verb === "destroy") await endPhase(run, executor, () => undefined);
    else if (verb !== "refresh") await runProgram(run, executor);
  }
}

async function runProgram(run: Run, executor: Executor): Promise<void> {
  const program = new Program(run, executor);
  await programEnded(run, program);
  await program.idle();
  await executor.idle();
  if (run.goesOn) await endPhase(run, executor, (urn) => program.aliases.heir(urn));
  await executor.idle();
  if (program.stackOutputs === undefined) return;
  const { urn, outputs } = program.stackOutputs;
  // After a failure the absence of an output does not mean that the program dropped it.
  const kept: Properties = run.ok ? {} : (run.state.old(urn)?.outputs ?? {});
  await setOutputs(run, urn, { ...kept, ...outputs });
}

async function programEnded(run: Run, program: Program): Promise<void> {
  const { rootDirectory, programDirectory, organization, project, stack, config, dryRun, parallel } = run.options;
  const options: ProgramOptions = {
    rootDirectory,
    programDirectory,
    organization,
    project,
    stack,
    config,
    dryRun,
    parallel,
  };
  if (run.stopped) return;
  run.providers.startEarly();
  const result = await run.options.programHost.run(options, program, run.stopSignal);
  if (result.ok || run.stopped) return;
  const isReported = run.sawLoggedError;
  const unexplained = `the program ended with exit code ${result.exitCode} before it was done`;
  run.bail("", result.reason ?? (isReported ? undefined : unexplained));
}

function conclude(run: Run): void {
  const { saveFailure: failure, state, changes, kind } = run;
  if (failure !== undefined) {
    run.errors += 1;
    run.report("error", unsavedText({ failure, changes, saved: state.saved, wanted: state.current() }));
  }
  if (run.bailed) return;
  if (run.stepFailed || run.rejected || failure !== undefined) run.report("error", `${kind} failed`);
  else if (run.canceled) run.report("error", `${kind} canceled`);
}
