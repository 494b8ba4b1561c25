/**
 * The text of a message to the user: one sentence of at most 160 characters, then what can be done, a line each.
 * The option that changes nothing comes first.
 */
export function messageText(sentence: string, options: readonly string[] = []): string {
  return [sentence, ...options.map((option) => `  - ${option}`)].join("\n");
}

/** A text of another's as part of a sentence of ours: on one line, and cut where it would be the whole message. */
export function quoted(text: string, longest = 60): string {
  const line = text.replace(/\s+/g, " ").trim();
  return line.length > longest ? `${line.slice(0, longest - 1)}…` : line;
}
