import type { Landed, Preview, Verification } from './operation.ts';

/** The members that every reading operation shares: nothing to preview, to let through, to check or to undo. */
export const readParts = {
  effect: 'read' as const,
  repeat: 'safe' as const,
  previews: 'none' as const,
  egress: () => [],
  preview: async (): Promise<Preview> => ({
    kind: 'described',
    before: null,
    after: null,
    fingerprint: null,
    summary: 'Reads only.',
    warnings: [],
    raises: [],
    server: '',
  }),
  landed: async (): Promise<Landed> => 'no',
  verify: async (): Promise<Verification> => ({ state: 'healthy', evidence: 'Reading changes nothing.' }),
  undo: { kind: 'irreversible' as const, reason: 'Reading changes nothing.' },
  stop: { signal: 'SIGTERM' as const, graceSeconds: 2 },
  limits: { seconds: 60, memoryMb: 256 },
};
