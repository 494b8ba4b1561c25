import { type ApiRequest, requestJson } from "../../../provider/api/http";
import { ProcessMindError } from "../../../provider/errors";
import { type Answer, type Loopback, testConnection } from "../../support/loopback";

export const GET: ApiRequest = { method: "GET", segments: ["tenant", "t"], doing: 'reading Dataset "x"' };
export const POST: ApiRequest = {
  ...GET,
  method: "POST",
  body: { displayName: "Sales" },
  doing: 'creating Dataset "x"',
};
export const DELETE: ApiRequest = { ...GET, method: "DELETE", doing: 'deleting Dataset "x"' };

export async function failureOf(promise: Promise<unknown>): Promise<ProcessMindError> {
  const outcome = await promise.then(
    () => new Error("it succeeded"),
    (error: unknown) => error,
  );
  if (outcome instanceof ProcessMindError) return outcome;
  throw outcome;
}

/** Asks once, and returns what a caller sees of it and what the server saw. */
export async function rejection(
  server: Loopback,
  request: ApiRequest,
  answer: Answer,
  settings: { timeoutSeconds?: number } = {},
) {
  server.answer = answer;
  const connection = testConnection(server.url, settings);
  const { code, message, mayHaveHappened } = await failureOf(requestJson(connection, request));
  return { code, message, mayHaveHappened, requests: server.arrived.length, sleeps: connection.sleeps };
}
