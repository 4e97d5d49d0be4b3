import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import Anthropic from '@anthropic-ai/sdk';
import { afterEach, expect, test } from 'vitest';
import { anthropicModel } from './anthropic.ts';

let server: Server | undefined;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

const usage = { input_tokens: 7, output_tokens: 3 };
const message = { id: 'msg_1', type: 'message', role: 'assistant', model: 'm', content: [], usage };
const began = [
  { type: 'message_start', message: { ...message, stop_reason: null, stop_sequence: null } },
  { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } },
  { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'All is' } },
];
const ended = [
  { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: ' well.' } },
  { type: 'content_block_stop', index: 0 },
  { type: 'message_delta', delta: { stop_reason: 'end_turn', stop_sequence: null }, usage },
  { type: 'message_stop' },
];

/** A server that cuts its first streams in the middle. */
async function modelBehind(cuts: number) {
  let asked = 0;
  const write = (response: ServerResponse, events: { type: string }[]) => {
    for (const event of events) response.write(`event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`);
  };
  server = createServer((request, response) => {
    request.resume();
    asked += 1;
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    write(response, began);
    if (asked <= cuts) return setTimeout(() => response.destroy(), 20);
    write(response, ended);
    return response.end();
  });
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const client = new Anthropic({ apiKey: 'k', baseURL: `http://127.0.0.1:${port}`, maxRetries: 0 });
  const model = anthropicModel({ client, provider: 'Anthropic', key: 'K', model: 'm', maxTokens: 100 });
  const ask = (signal = new AbortController().signal) =>
    model.reply({
      ...{ system: 's', tools: [], mustCall: false, signal },
      exchanges: [{ role: 'user', parts: [{ type: 'text', text: 'hello' }] }],
    });
  return { ask, asked: () => asked };
}

test('a stream that is cut in the middle is asked for again, once', async () => {
  const once = await modelBehind(1);
  expect(await once.ask()).toMatchObject({ text: 'All is well.', stop: 'done' });
  expect(once.asked()).toBe(2);
});

test('a stream that is cut again is told as it is', async () => {
  const always = await modelBehind(9);
  await expect(always.ask()).rejects.toMatchObject({
    fault: { code: 'unreachable', message: expect.stringMatching(/^Anthropic could not be reached/) },
  });
  expect(always.asked()).toBe(2);
});

test('nothing is asked again for somebody who gave up', async () => {
  const always = await modelBehind(9);
  await expect(always.ask(AbortSignal.timeout(10))).rejects.toMatchObject({ fault: { code: 'timeout' } });
  expect(always.asked()).toBeLessThanOrEqual(1);
});
