import { z } from 'zod';
import { FaultError } from '../../domain/fault.ts';
import type { UndoContract } from '../../domain/operation.ts';
import type { Reader } from '../../domain/ports/reader.ts';
import { openDocker, said } from './client.ts';
import { findImage } from './image.ts';
import { copyOf } from './locate-folder.ts';
import { daemonInput } from './place.ts';

/** The digest of what an image was built from. */
export const contextLabel = 'reign.dev/context';

export const buildInput = daemonInput.extend({
  folder: z.string(),
  below: z.string(),
  dockerfile: z.string(),
  tag: z.string().regex(/^[A-Za-z0-9][\w./:-]*:[\w.-]+$/),
  /** The image that has the tag now. */
  replaces: z.string().nullable(),
});
export type BuildInput = z.infer<typeof buildInput>;

/** What the tag meant before, and what it is built from now. */
type BuildUndo = { before: string | null; context: string };

/** Undo moves the tag back, or takes it away; the layers of the build stay in the engine's cache. */
export const buildUndo: UndoContract<BuildInput, BuildUndo> = {
  kind: 'reversible',
  async capture(input, reader) {
    const { digest } = await copyOf(input, reader);
    const image = await findImage(await openDocker(reader, input.connection), input.tag, input.environment);
    return { before: image?.Id ?? null, context: digest };
  },
  async previewRestore(input, undo, reader) {
    const { now, restored } = await look(input, undo, reader);
    const back = undo.before === null ? `removes ${input.tag}` : `moves ${input.tag} back`;
    return {
      kind: 'computed',
      before: { image: now },
      after: { image: undo.before },
      fingerprint: { image: now },
      summary: restored ? 'Already as it was before.' : back,
      ...{ warnings: [], raises: [], server: input.daemonId },
    };
  },
  async restore(input, undo, writer) {
    const { docker, restored } = await look(input, undo, writer);
    if (restored) return;
    if (undo.before === null) await said(docker.getImage(input.tag).remove(), input.environment);
    else await said(docker.getImage(undo.before).tag(splitTag(input.tag)), input.environment);
  },
  async verifyRestored(input, undo, reader) {
    const image = await findImage(await openDocker(reader, input.connection), input.tag, input.environment);
    const good = (image?.Id ?? null) === undo.before;
    return {
      state: good ? 'healthy' : 'failed',
      evidence: `${input.tag} is ${good ? '' : 'not '}as it was before.`,
    };
  },
};

export function splitTag(reference: string): { repo: string; tag: string } {
  const cut = reference.lastIndexOf(':');
  return { repo: reference.slice(0, cut), tag: reference.slice(cut + 1) };
}

/** @throws FaultError `world-changed` when the tag means what somebody else made */
async function look(input: BuildInput, { before, context }: BuildUndo, reader: Reader) {
  const docker = await openDocker(reader, input.connection);
  const image = await findImage(docker, input.tag, input.environment);
  const now = image?.Id ?? null;
  if (now === before) return { docker, now, restored: true };
  if (image?.Config.Labels?.[contextLabel] === context) return { docker, now, restored: false };
  throw new FaultError('world-changed', `${input.tag} is another image by now. It is left as it is.`);
}
