/** Spellings of one thing. Services may trim names, and write ids in either case. */

/** Names are compared as sent, but for blanks around them. */
export function sameName(one: unknown, other: unknown): boolean {
  return isSame(one, other, (text) => text.trim());
}

/** Ids are UUIDs in what is known of the API: their case means nothing. */
export function sameId(one: unknown, other: unknown): boolean {
  return isSame(one, other, (text) => text.toLowerCase());
}

function isSame(one: unknown, other: unknown, plain: (text: string) => string): boolean {
  return typeof one === "string" && typeof other === "string" ? plain(one) === plain(other) : one === other;
}
