/** The environment of an engine under test: nothing of the user's own Pulumi or ProcessMind setting reaches it. */
export function inheritedEnvironment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(
    ([name]) => name === "PULUMI_HOME" || !/^(PULUMI|PROCESSMIND)_/.test(name),
  );
  return Object.fromEntries(kept);
}
