const os = require("node:os");

/** Something the user can do something about: told without a stack. */
class Failure extends Error {}

/** Waits for a program; passes on what would end this process, and then ends as the shell expects. */
async function succeed(child, message) {
  let received;
  const pass = (signal) => {
    received ??= signal;
    child.kill(signal);
  };
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"];
  for (const signal of signals) process.on(signal, pass);
  const lookout = watchParent(() => pass("SIGTERM"));
  const code = await new Promise((resolve, reject) => {
    child.once("error", (error) => reject(new Failure(`${message} (${error.message})`)));
    child.once("exit", resolve);
  });
  clearInterval(lookout);
  for (const signal of signals) process.off(signal, pass);
  if (received) process.exit(128 + os.constants.signals[received]);
  if (code !== 0) throw new Failure(message);
}

/** npm passes a signal on to its shell alone, which dies without a word. */
function watchParent(whenGone) {
  const parent = process.ppid;
  return setInterval(() => process.ppid !== parent && whenGone(), 250);
}

/** Runs the main function of a script: a failure is printed and ends with 1. */
function runMain(main) {
  main().catch((error) => {
    console.error(error instanceof Failure ? `\n${error.message}` : error);
    process.exitCode = 1;
  });
}

module.exports = { Failure, runMain, succeed };
