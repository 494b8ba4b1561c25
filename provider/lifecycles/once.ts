import type { Message } from "../messages/message";
import type { Context } from "./context";

const topics = new Set<string>();

/** Warns of what holds for every resource of a kind once a run, and not once for each of eighty tables. */
export async function warnOnce(context: Context, topic: string, message: Message): Promise<void> {
  if (topics.has(topic)) return;
  topics.add(topic);
  await context.warn(message);
}
