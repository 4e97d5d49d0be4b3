import type { Sandbox } from '../../../src/domain/ports/sandbox.ts';
import type { SandboxOptions } from '../../../src/sandbox/index.ts';
import { hasBubblewrap } from './engine.ts';
import { canPlayPods, openPodBed, type PodBed } from './pods.ts';
import { openSandbox, type TestBed } from './sandbox.ts';

/** A way to run steps that the conformance tests hold to the same promises. */
export type BackendKind = { name: 'bubblewrap' | 'pod'; works: boolean };

export const backendKinds: readonly BackendKind[] = [
  { name: 'bubblewrap', works: hasBubblewrap() },
  { name: 'pod', works: canPlayPods() },
];

export type BackendBed = {
  open(more?: Partial<SandboxOptions>): Promise<Sandbox>;
  stop(): Promise<void>;
};

/** What a backend needs around it: nothing, or a cluster. */
export async function openBackend({ name }: BackendKind, bed: TestBed): Promise<BackendBed> {
  let pods: PodBed | undefined;
  if (name === 'pod') pods = await openPodBed([bed.codeFolder]);
  const chosen: Partial<SandboxOptions> = pods === undefined ? {} : { backend: 'pod', pod: pods.pod };
  return {
    open: (more = {}) => openSandbox(bed, {}, { ...chosen, ...more }),
    stop: async () => pods?.stop(),
  };
}
