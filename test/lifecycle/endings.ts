import type { Place } from "./places";

/** What comes of a corner case: the ways a call can end, as whole values to compare with. */

/** What a call comes to: the result or the error, the requests sent, the objects in ProcessMind, the warnings. */
export interface Came {
  to: unknown;
  requests: string[];
  holds: number;
  warnings: string[];
}
export type Ending = (place: Place) => Came;

export interface Refusal {
  happened: string;
  status?: number;
  /** The way out, where the API has one. */
  todo?: string;
  attempts?: number;
}

/** The error that says so in the grammar of all errors. Storage's wording is looser: only its frame is held. */
function errorOf(place: Place, { happened, status, todo, attempts = 1 }: Refusal): string {
  const where = [`${place.method} ${place.path}`, status && `status ${status}`, attempts > 1 && `${attempts} attempts`];
  const suffix = place.method === "PUT" ? where.slice(0, 2) : where;
  const frame = `(${suffix.filter(Boolean).join(", ")})`;
  if (place.method === "PUT") return expect.stringMatching(new RegExp(`^${place.doing}: .+ ${escaped(frame)}\\. .+`));
  return `${place.doing}: ${happened} ${frame}.${todo ? ` ${todo}` : ""}`;
}

const escaped = (text: string) => text.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");
const repeated = (attempt: string[], times: number) => Array.from({ length: times }, () => attempt).flat();

/** It goes on after `times` attempts, as if nothing had been. */
export function goesOn(times: number, came: Partial<Came> = {}): Ending {
  return ({ before, attempt, after, result, holds }) => ({
    to: result,
    requests: [...before, ...repeated(attempt, times), ...after],
    holds: holds[1],
    warnings: [],
    ...came,
  });
}

/** It ends with the error. */
export function fails(refusal: Refusal, came: Partial<Came> = {}): Ending {
  return (place) => ({
    to: { error: errorOf(place, refusal) },
    requests: [...place.before, ...repeated(place.attempt, refusal.attempts ?? 1)],
    holds: place.holds[0],
    warnings: [],
    ...came,
  });
}

/** Nobody can tell whether the POST was carried out, and the list has nothing new: an error, and no second POST. */
export function isAmbiguous(refusal: Refusal, what = "the reply was lost"): Ending {
  return (place) => ({
    to: {
      error: `creating ${/dataset/.test(place.name) ? "Dataset" : "Datatable"} "${place.id.replace("home-of-", "")}": ${what}, and no new one of that name is in the list. No second one was asked for. Run \`pulumi up\` again: it looks at the list first; then take over what you want to keep with existingId and delete the rest in ProcessMind. Cause: ${errorOf(place, refusal)}`,
    },
    requests: [...place.before, ...place.attempt, ...repeated(place.before, 3)],
    holds: 0,
    warnings: [],
  });
}

/** The POST was carried out and its reply lost: the one new object of that name in the list is ours. */
export const isFound: Ending = (place) => ({
  ...goesOn(1)(place),
  to: place.found,
  requests: [...place.before, ...place.attempt, ...place.before],
});

/** The second DELETE meets a 404, and looks at it and at the list say that the first one was carried out. */
export const isFoundGone: Ending = (place) => {
  const [kind] = place.route.split(".");
  const requests = [...place.before, ...place.attempt, ...place.attempt, `GET ${kind}.get`, `GET ${kind}.list`];
  return { ...goesOn(2)(place), requests };
};
/** A 404 for a DELETE proves nothing: a look says that it is there still. */
export const isFoundThere: Ending = (place) => {
  const came = fails({ happened: "" })(place);
  const error = `deleting Dataset "${place.id}" (${place.id}): the API did not confirm the DELETE, and still has it. It is still there. Delete it in ProcessMind and run \`pulumi refresh\`, or try again.`;
  return { ...came, to: { error }, requests: [...came.requests, "GET datasets.get"] };
};
/** What refuses a DELETE of one datatable says nothing: a GET decides, and here finds the table. A run warns of that once. */
export const staysBehind = goesOn(1, { holds: 1, warnings: [] });
