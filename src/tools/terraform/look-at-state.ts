import type { Reader } from '../../domain/ports/reader.ts';
import type { StateAbout } from '../../domain/ports/terraform-states.ts';
import { openStates, type States } from './states.ts';
import { withWorkCopy } from './work-copy.ts';
import { viewOf, type WorkspaceInput } from './workspace.ts';

/** What is known of a workspace's state, by one look. */
export function lookAtState(reader: Reader, input: WorkspaceInput): Promise<StateAbout> {
  return ask(reader, input, (states) => states.about());
}

/** The state of a workspace; undefined before the first apply. */
export function readState(reader: Reader, input: WorkspaceInput): Promise<string | undefined> {
  return ask(reader, input, (states) => states.read());
}

/** A backend of its own is asked by Terraform; Reign's states need none. */
async function ask<T>(
  reader: Reader,
  input: WorkspaceInput,
  question: (states: States) => Promise<T>,
): Promise<T> {
  if (viewOf(reader, input).state === 'backend')
    return withWorkCopy(reader, input, ({ states }) => question(states));
  const forwarder = await reader.forward(input.connection);
  try {
    return await question(openStates(forwarder.url));
  } finally {
    forwarder.close();
  }
}
