import type { ChatEntry } from '../domain/chat.ts';

/** The entry that a message's answer grows in; undefined until Reign has begun to look at it. */
export function replyTo(entries: readonly ChatEntry[], message: string): ChatEntry | undefined {
  return entries.find(({ key }) => key === `r-${message}`);
}
