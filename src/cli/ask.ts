import { randomUUID } from 'node:crypto';
import { type ClientOptions, connect } from './client.ts';
import { followMessage } from './follow.ts';
import type { Output } from './output.ts';

export type AskOptions = ClientOptions & { approve: boolean; wait: boolean; conversation?: string };

/** `reign ask TEXT`: one message, followed to its end. @returns the exit code. */
export async function ask(text: string, output: Output, options: AskOptions): Promise<number> {
  const client = await connect(options);
  const sent = await client.send(text, randomUUID(), options.conversation);
  output.event({ type: 'message', id: sent.message, conversation: sent.conversation });
  return followMessage(client, output, sent, options);
}
