/** Words that this project no longer uses, each with what it says instead. Found without regard to upper and lower case. */
export const OLD_WORDS: readonly (readonly [old: RegExp, say: string])[] = [
  [/\b(tell|tells|told|telling)\b/i, "report, show, return, log"],
  [/\bways? out\b/i, "fix, option"],
  [/\banother than\b/i, "different from"],
  [/\bno object of\b/i, "not a"],
  [/\b(take|takes|taken|taking|took) (it |them |\w+ )?over\b|\btakeover\b/i, "adopt, replace"],
  [/\bgone\b/i, "deleted"],
  [/\bheld\b/i, "declared elsewhere, locked, contained"],
  [/\bspellings?\b/i, "normalization"],
  [/\bnot confirmed\b(?<!ingestion (is )?not confirmed)/i, "uploaded, ingestion not confirmed"],
  [/\bblanks?\b/i, "whitespace"],
  [/\banswer(s|ed|ing)?\b/i, "response, return"],
  [/(?<!\bloopback )\baddress(es)?\b/i, "URL"],
  [/\bbesides?\b/i, "next to, in addition to"],
  [/\brefus(e|es|ed|al|als|ing)\b/i, "rejected"],
  [/\bat once\b/i, "immediately, at the same time"],
  [/\bwhom\b/i, "the process, the caller"],
  [/\bgiven\b/i, "set, provided, passed"],
  [/\bis no (change|error)\b/i, "is ignored, is not an error"],
];

/** The old words in a text, each with what to say instead. */
export function oldWordsIn(text: string): string[] {
  return OLD_WORDS.flatMap(([old, say]) => {
    const found = old.exec(text);
    return found === null ? [] : [`"${found[0]}": say ${say}`];
  });
}
