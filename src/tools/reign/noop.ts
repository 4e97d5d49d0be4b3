import { z } from 'zod';
import { FaultError } from '../../domain/fault.ts';
import { defineOperation, type Preview } from '../../domain/operation.ts';

const longestMilliseconds = 600_000;
const longestNote = 1_000;

/** Changes nothing and says that it did: what benches and tests run through the whole life of a step. */
export const noop = defineOperation({
  id: 'reign.noop',
  version: 1,
  summary: 'Does nothing, for as long as asked, and fails if asked.',
  request: z.strictObject({
    key: z.string().optional(),
    milliseconds: z.number().optional(),
    fail: z.boolean().optional(),
    note: z.string().max(longestNote).optional(),
  }),
  input: z.strictObject({
    key: z.string().regex(/^[\w.-]{1,100}$/),
    milliseconds: z.number().int().min(0).max(longestMilliseconds),
    fail: z.boolean(),
    note: z.string().max(longestNote).optional(),
  }),
  lateBindable: ['note'],
  output: z.object({ key: z.string(), note: z.string().optional() }),
  effect: 'update',
  repeat: 'safe',
  previews: 'computed',
  examples: [],
  connections: [],
  runs: 'worker',
  stop: { signal: 'SIGTERM', graceSeconds: 1 },
  limits: { seconds: 660, memoryMb: 64 },
  undo: {
    kind: 'reversible',
    capture: async ({ key }) => ({ key }),
    previewRestore: async ({ key }) => previewOf(key),
    restore: async () => undefined,
    verifyRestored: async () => ({ state: 'healthy', evidence: 'Nothing was changed.' }),
  },
  resolve: async ({ key = 'default', milliseconds = 0, fail = false, note }) => ({
    kind: 'input',
    input: { key, milliseconds: Math.round(milliseconds), fail, ...(note === undefined ? {} : { note }) },
  }),
  assess: ({ key }) => ({
    effect: 'update',
    targets: [`reign:noop/${key}`],
    objects: 1,
    reasons: ['changes nothing'],
  }),
  describe: ({ key, milliseconds }) => ({ title: `Do nothing (${key}) for ${milliseconds} ms` }),
  preview: async ({ key }) => previewOf(key),
  egress: () => [],
  async execute({ key, milliseconds, fail, note }, writer) {
    if (milliseconds > 0) await writer.sleep(milliseconds);
    if (fail) throw new FaultError('unhealthy', 'It failed, as was asked.');
    return { key, ...(note === undefined ? {} : { note }) };
  },
  landed: async () => 'no',
  verify: async () => ({ state: 'healthy', evidence: 'Nothing was changed.' }),
  render: ({ key }) => ({ kind: 'text', text: `Nothing was done (${key}).` }),
});

function previewOf(key: string): Preview {
  return {
    kind: 'computed',
    before: null,
    after: null,
    fingerprint: { key },
    summary: 'changes nothing',
    warnings: [],
    raises: [],
    server: 'reign',
  };
}
