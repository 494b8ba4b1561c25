import { RequestError } from "../domain/errors";

/** The largest body the API and the control endpoint take. */
export const MAX_BODY_BYTES = 1024 * 1024;
/** What is too large is read this far, since a client that still sends may miss the answer. */
const MAX_READ_BYTES = 16 * 1024 * 1024;
/** More than any real body has, and little enough for code that calls itself for each level. */
const DEEPEST_LEVEL = 100;

/** The whole body, or undefined when it is too large: then the connection is of no more use. */
export async function readText(chunks: AsyncIterable<Buffer>): Promise<string | undefined> {
  const kept: Buffer[] = [];
  let readBytes = 0;
  for await (const chunk of chunks) {
    readBytes += chunk.length;
    if (readBytes <= MAX_BODY_BYTES) kept.push(chunk);
    if (readBytes > MAX_READ_BYTES) break;
  }
  return readBytes <= MAX_BODY_BYTES ? Buffer.concat(kept).toString("utf8") : undefined;
}

/** @throws RequestError when the text is no JSON, or is nested without end */
export function parseJson(text: string): unknown {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new RequestError("INVALID", "the request body is not valid JSON");
  }
  if (isTooDeep(value))
    throw new RequestError("INVALID", `the request body is nested deeper than ${DEEPEST_LEVEL} levels`);
  return value;
}

function isTooDeep(value: unknown): boolean {
  let level = [value].filter(isContainer);
  for (let depth = 0; level.length > 0 && depth < DEEPEST_LEVEL; depth += 1) {
    level = level.flatMap((each) => Object.values(each)).filter(isContainer);
  }
  return level.length > 0;
}

function isContainer(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}
