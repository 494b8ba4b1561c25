import { OLD_WORDS } from "../support/glossary";

/** Words that a message does not use, and what it says instead: the project's, two of them without exceptions. */
export const GLOSSARY: readonly (readonly [old: RegExp, instead: string])[] = [
  ...OLD_WORDS,
  [/\bnot confirmed\b(?<!ingestion not confirmed)/i, "ingestion not confirmed"],
  [/\baddress(es)?\b/i, "URL"],
];
