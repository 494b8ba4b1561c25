import { type ErrorCode, type ErrorText, ProcessMindError } from "../../provider/errors";
import { ambiguousCreate, notDeleted } from "../../provider/messages/objects";
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
  code: ErrorCode;
  text: Omit<ErrorText, "doing">;
  status?: number;
  attempts?: number;
}

/** The error that says so. Storage's wording is looser: only its frame is compared. */
function errorOf(place: Place, { code, text, status, attempts = 1 }: Refusal): string {
  if (place.method !== "PUT") {
    return new ProcessMindError(code, { doing: place.doing, ...text }, { status, attempts }).message;
  }
  return expect.stringMatching(new RegExp(`^${place.doing}: .*\\([A-Z_]+${status ? `, status ${status}` : ""}`));
}

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
export function isAmbiguous(refusal: Refusal): Ending {
  return (place) => {
    const noun = /dataset/.test(place.name) ? "Dataset" : "Datatable";
    const cause = new ProcessMindError(
      refusal.code,
      { doing: place.doing, ...refusal.text },
      { status: refusal.status },
    );
    const error = ambiguousCreate(noun, place.id.replace("home-of-", ""), "none", [], cause);
    return {
      to: { error: error.message },
      requests: [...place.before, ...place.attempt, ...repeated(place.before, 3)],
      holds: 0,
      warnings: [],
    };
  };
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
  const came = fails({ code: "DELETE_REFUSED", text: { happened: "" } })(place);
  const error = notDeleted("Dataset", place.id, place.id, false).message;
  return { ...came, to: { error }, requests: [...came.requests, "GET datasets.get"] };
};
/** What refuses a DELETE of one datatable says nothing: a GET decides, and here finds the table. A run warns of that once. */
export const staysBehind = goesOn(1, { holds: 1, warnings: [] });
