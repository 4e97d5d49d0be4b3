import type { Client } from '@modelcontextprotocol/sdk/client/index.js';
import type { Json } from '../domain/json.ts';
import type { Reader } from '../domain/ports/reader.ts';

const longestText = 200_000;
const callMilliseconds = 280_000;

export type Said = { text: string; failed: boolean };

/** Calls a tool and returns what the server says of it as text, and whether it says that it failed. */
export async function callTool(
  client: Client,
  name: string,
  given: { [field: string]: Json },
  reader: Reader,
): Promise<Said> {
  const result = await client.callTool({ name, arguments: given }, undefined, {
    timeout: callMilliseconds,
    signal: reader.signal,
    onprogress: ({ message }) => message !== undefined && reader.report(message),
  });
  return { text: textOf(result), failed: result.isError === true };
}

function textOf(result: Awaited<ReturnType<Client['callTool']>>): string {
  const content = Array.isArray(result.content) ? result.content : [];
  const parts = content.map((part: { type: string; text?: string }) =>
    part.type === 'text' ? (part.text ?? '') : `(${part.type})`,
  );
  if (parts.length === 0 && result.structuredContent !== undefined)
    parts.push(JSON.stringify(result.structuredContent, undefined, 2));
  return parts.join('\n').slice(0, longestText);
}
