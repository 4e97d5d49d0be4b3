import { z } from 'zod';
import type { McpServer, McpTool } from '../domain/extensions.ts';
import { FaultError } from '../domain/fault.ts';
import { canonicalJson, type Json, sha256 } from '../domain/json.ts';
import { defineOperation, type Preview, type Verification } from '../domain/operation.ts';
import type { Reader } from '../domain/ports/reader.ts';
import { callTool, type Said } from './call.ts';
import { withClient } from './client.ts';
import { listTools } from './list-tools.ts';
import { verbOf } from './tool.ts';
import { choicesOf, schemasOf } from './tool-schemas.ts';
import { versionOf } from './version.ts';

type Input = { arguments: { [field: string]: Json } };

/**
 * A tool of an MCP server as an operation. Nothing is known of what it does but what its server says, so it counts as
 * running code unless the configuration lists it as a read, nothing is previewed but the call itself, and nothing is
 * undone.
 */
export function toolOperation(server: McpServer, tool: McpTool) {
  const { complete, partial, required } = schemasOf(tool);
  const { name, environment, reach } = server;
  const reads = server.reads.includes(tool.name);
  const effect = reads ? ('read' as const) : ('run-code' as const);
  const id = `${name}.${verbOf(tool.name)}` as const;
  return defineOperation({
    id,
    version: versionOf(server, tool),
    summary: `${tool.description.split('\n')[0]?.slice(0, 200) || tool.name} (MCP server ${name})`,
    request: partial,
    input: z.strictObject({ arguments: complete }),
    output: z.strictObject({ text: z.string(), failed: z.boolean() }),
    effect,
    repeat: reads ? 'safe' : 'verify-first',
    previews: reads ? 'none' : 'described',
    examples: [{ request: id, params: {} }],
    connections: reach.kind === 'http' ? ['mcp'] : [],
    sensitive: true,
    ...(reads ? {} : { reports: true }),
    stop: { signal: 'SIGTERM', graceSeconds: 5 },
    limits: { seconds: 300, memoryMb: 1024, lookSeconds: 30 },
    async resolve(request) {
      const missing = required.find((field) => request[field] === undefined);
      if (missing !== undefined) return ask(tool, missing);
      const parsed = complete.safeParse(request);
      if (parsed.success) return { kind: 'input', input: { arguments: parsed.data } };
      return { kind: 'impossible', reason: `${id} does not take that: ${z.prettifyError(parsed.error)}` };
    },
    assess: () => ({
      effect,
      // What it touches is not known: one call at a time to the whole server.
      targets: [`mcp:${name}`],
      ...(environment === undefined ? {} : { environment }),
      objects: reads ? 0 : 1,
      reasons: reads ? [] : ['a tool of an MCP server may do anything'],
    }),
    describe: (input: Input) => ({ title: `Call ${tool.name} of ${name}: ${shown(input)}` }),
    preview: (input: Input, reader) => preview(server, tool, input, reader),
    egress: () =>
      reach.kind === 'http' && !reads
        ? [{ connection: reach.connection, method: 'POST', path: `/${tool.name}` }]
        : [],
    async execute(input: Input, writer, { approved }) {
      if (!reads && canonicalJson(approved?.fingerprint ?? null) !== canonicalJson(fingerprintOf(tool)))
        throw new FaultError('world-changed', `${tool.name} is not the tool that was approved.`);
      return withClient(writer, server, async (client) => {
        await demandSame(server, tool, await listTools(client));
        const said = await callTool(client, tool.name, input.arguments, writer);
        if (said.failed && reads) throw new FaultError('unhealthy', failure(said));
        return said;
      });
    },
    landed: async () => 'unclear' as const,
    verify: async (_input, _reader, { output }) => verdict(name, output as Said | undefined),
    undo: {
      kind: 'irreversible',
      reason: reads
        ? 'Reading changes nothing.'
        : "The server tells nothing of what a tool changes, so Reign can't know how to undo it.",
    },
    render: ({ text }) => ({ kind: 'text', text: text === '' ? 'The server answered without words.' : text }),
  });
}

function ask(tool: McpTool, field: string) {
  const options = choicesOf(tool, field)
    .slice(0, 10)
    .map((choice) => ({ label: String(choice), patch: { [field]: choice } }));
  return { kind: 'question' as const, question: { text: `What is its ${field}?`, field, options } };
}

/** A server that fails may have done a part of it: that it failed is all that it says. */
function verdict(server: string, said: Said | undefined): Verification {
  if (said === undefined) return { state: 'unclear', evidence: `Only ${server} knows whether it was done.` };
  if (said.failed) return { state: 'failed', evidence: failure(said) };
  return {
    state: 'healthy',
    evidence: 'The server says that it was done; nothing else was looked at.',
  };
}

function failure({ text }: Said): string {
  return `The server says that it failed: ${text.slice(0, 2000) || 'nothing more'}`;
}

/** Asks the server whether the tool is still what it was; nothing is called. */
async function preview(server: McpServer, tool: McpTool, input: Input, reader: Reader): Promise<Preview> {
  const identity = await withClient(reader, server, async (client) => {
    await demandSame(server, tool, await listTools(client));
    const { name = '', version = '' } = client.getServerVersion() ?? {};
    return `${name} ${version}`.trim();
  });
  return {
    kind: 'described',
    before: null,
    after: { tool: tool.name, arguments: input.arguments },
    fingerprint: fingerprintOf(tool),
    summary: `calls ${tool.name}; what that changes is not known before`,
    warnings: ['There is no dry run: this is the call, and not what it will do.'],
    raises: tool.destructive ? [{ level: 'high', reason: 'its server calls it destructive' }] : [],
    server: identity,
  };
}

function fingerprintOf(tool: McpTool): Json {
  return { tool: sha256(canonicalJson(tool)) };
}

/** A server that gives a name another meaning after it was looked at gets no call. */
async function demandSame(server: McpServer, tool: McpTool, now: readonly McpTool[]): Promise<void> {
  const found = now.find(({ name }) => name === tool.name);
  if (found !== undefined && canonicalJson(found) === canonicalJson(tool)) return;
  const what = found === undefined ? 'no longer has' : 'says something else now of';
  throw new FaultError(
    'world-changed',
    `The MCP server ${server.name} ${what} ${tool.name}. Start Reign again to take in its tools as they are.`,
  );
}

function shown(input: Input): string {
  const text = JSON.stringify(input.arguments);
  return text.length > 160 ? `${text.slice(0, 160)}…` : text;
}
