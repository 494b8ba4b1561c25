import * as pulumi from "@pulumi/pulumi";
import { ProcessMindError } from "../errors";
import { type InputsOf, type LookupOptions, printedAlone, programConfig } from "../program";
import { type Query, runQuery } from "./look-up";

/** Look-ups in the user's program. */

/** Runs a look-up with the program's configuration. */
export async function lookUp<A extends LookupOptions, R>(query: Query<A, R>, args: A): Promise<R> {
  try {
    // In JavaScript there may be none.
    return await runQuery(programConfig, query, args ?? ({} as A));
  } catch (error) {
    throw error instanceof ProcessMindError ? printedAlone(error) : error;
  }
}

/** The Output form of a function. An argument not known yet, in a preview, leaves the result unknown. */
export function lifted<A, R>(look: (args: A) => Promise<R>, args: InputsOf<A>): pulumi.Output<R> {
  // What `output` unwraps is just what `InputsOf` wrapped, which the type of `output` cannot tell of any A.
  return pulumi.output(args).apply((known) => look(known as A)) as pulumi.Output<R>;
}
