import { FaultError } from '../domain/fault.ts';
import type { Json } from '../domain/json.ts';
import type { Sealed, Sealer, SecretAbout } from '../domain/ports/secrets.ts';

type Placed = { operation: string; environment?: string | undefined };

/** What undo needs may hold whole manifests with their secrets: it is stored sealed, and opened in a worker alone. */
export async function sealCapture(sealer: Pick<Sealer, 'seal'>, step: Placed, captured: Json): Promise<Json> {
  return { sealed: await sealer.seal(JSON.stringify(captured), aboutOf(step)) };
}

/** @throws FaultError `refused` when it was changed or moved, `internal` when nothing was captured. */
export async function openCapture(
  sealer: Pick<Sealer, 'open'>,
  step: Placed & { captured?: Json | undefined },
): Promise<Json> {
  const { captured } = step;
  if (captured === undefined || captured === null) return null;
  const { sealed } = captured as { sealed?: Sealed };
  if (sealed === undefined) throw new FaultError('internal', 'What undo needs was not stored sealed.');
  return JSON.parse(await sealer.open(sealed, aboutOf(step))) as Json;
}

function aboutOf({ operation, environment = '*' }: Placed): SecretAbout {
  return { name: 'captured', environment, tool: operation.split('.')[0] ?? '*', version: 1 };
}
