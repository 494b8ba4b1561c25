/** What normalization makes equal: services may trim names, and write ids in upper or lower case. */

/** Names are compared as sent, but for whitespace around them. */
export function sameName(one: unknown, other: unknown): boolean {
  return isSame(one, other, (text) => text.trim());
}

/** Ids are UUIDs in what is known of the API: their case means nothing. */
export function sameId(one: unknown, other: unknown): boolean {
  return isSame(one, other, (text) => text.toLowerCase());
}

function isSame(one: unknown, other: unknown, normalize: (text: string) => string): boolean {
  return typeof one === "string" && typeof other === "string" ? normalize(one) === normalize(other) : one === other;
}
