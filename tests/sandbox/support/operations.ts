import { z } from 'zod';
import { type AnyOperation, defineOperation, type Tool } from '../../../src/domain/operation.ts';
import type { Reader } from '../../../src/domain/ports/reader.ts';

const input = z.object({ source: z.string() });
type Input = z.infer<typeof input>;

/** What a snippet may use: the reader or writer, and `load` for Node's modules. */
type Snippet = (
  access: Reader,
  load: (name: string) => Promise<unknown>,
  context: unknown,
) => Promise<unknown>;

/** Runs a snippet of JavaScript inside the sandbox, in every phase. For tests of what such code can reach. */
async function run({ source }: Input, access: Reader, context?: unknown): Promise<unknown> {
  const AsyncFunction = Object.getPrototypeOf(async () => {}).constructor;
  const snippet: Snippet = new AsyncFunction('access', 'load', 'context', source);
  return snippet(access, (name) => import(name), context);
}

const preview = { kind: 'described', after: null, fingerprint: null, summary: '', warnings: [] } as const;

export const snippet = defineOperation({
  id: 'test.snippet',
  version: 1,
  summary: 'Runs a snippet',
  request: z.object({ words: z.string() }),
  input,
  output: z.unknown(),
  effect: 'run-code',
  repeat: 'verify-first',
  previews: 'described',
  examples: [],
  connections: ['kubernetes', 'docker', 'http'],
  resolve: async (request: { words: string }) =>
    ({ kind: 'input', input: { source: request.words } }) as const,
  assess: () => ({ effect: 'run-code', targets: [] }) as never,
  describe: () => ({ title: 'Run a snippet' }),
  preview: async (given: Input, reader: Reader) => ({
    ...preview,
    before: ((await run(given, reader)) ?? null) as never,
    raises: [],
    server: 'test',
  }),
  egress: () => [],
  execute: (given, writer, context) => run(given, writer, context),
  landed: async (given, reader) => ((await run(given, reader)) === true ? 'yes' : 'no') as 'yes' | 'no',
  verify: async () => ({ state: 'healthy', evidence: '' }),
  undo: {
    kind: 'reversible',
    capture: async () => ({ was: 1 }),
    previewRestore: async () => ({ ...preview, before: null, raises: [], server: 'test' }),
    restore: async (given, _undo, writer) => void (await run(given, writer)),
    verifyRestored: async () => ({ state: 'healthy', evidence: '' }),
  },
  stop: { signal: 'SIGTERM', graceSeconds: 1 },
  limits: { seconds: 10, memoryMb: 256 },
  render: (output) => ({ kind: 'text', text: String(output) }),
}) as AnyOperation;

export const testTool: Tool = { name: 'test', summary: 'For tests', operations: [snippet] };
