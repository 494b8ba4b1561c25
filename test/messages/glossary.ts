/** Words that this project does not use, and what it writes instead. */
export const GLOSSARY: readonly (readonly [old: RegExp, instead: string])[] = [
  [/\b(tells?|told|telling)\b/i, "report, show, return, log"],
  [/\bways? out\b/i, "fix, option"],
  [/\banother than\b/i, "different from"],
  [/\bno object of\b/i, "not a"],
  [/\bgiven\b(?! up)/i, "set, provided, passed"],
  [/\b(taken|takes?|took|taking) over\b/i, "adopted"],
  [/\bgone\b/i, "deleted"],
  [/\bheld\b/i, "declared elsewhere, locked"],
  [/\bspellings?\b/i, "normalization"],
  [/\bnot confirmed\b(?<!ingestion not confirmed)/i, "ingestion not confirmed"],
  [/\bblanks?\b/i, "whitespace"],
  [/\banswer(s|ed|ing)?\b/i, "response, return"],
  [/\baddress(es)?\b/i, "URL"],
  [/\bbesides?\b/i, "next to, in addition to"],
  [/\brefus(e|es|ed|al)\b/i, "rejected"],
  [/\bat once\b/i, "immediately, at the same time"],
];
