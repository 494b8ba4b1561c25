import type { Case } from "../model";
import { FAILURES } from "./failures";
import { INTERRUPTED } from "./interrupted";
import { LIFECYCLE } from "./lifecycle";
import { OPTIONS } from "./options";
import { REFRESH } from "./refresh";
import { REPLACE } from "./replace";
import { SECRETS } from "./secrets";

/** Every rule the engine claims, at least once. */
export const FIXED_CASES: readonly Case[] = [
  ...LIFECYCLE,
  ...REPLACE,
  ...OPTIONS,
  ...SECRETS,
  ...FAILURES,
  ...REFRESH,
  ...INTERRUPTED,
];
