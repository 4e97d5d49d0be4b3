import type { FaultCode } from '../../../src/domain/fault.ts';
import type { AnyOperation, Tool } from '../../../src/domain/operation.ts';
import type { Bed } from './bed.ts';
import type { Trouble } from './faulty-server.ts';
import type { Arrived } from './trials.ts';

/**
 * What operations are tried with, first what changes nothing. `broken answers`: errors, another format, answers cut
 * off, broken connections.
 */
export const kinds = [
  ...(['bad input', 'not found', 'no rights', 'time-out', 'broken answers'] as const),
  ...(['success', 'conflict', 'lost worker', 'undo', 'undo twice'] as const),
];
export type Kind = (typeof kinds)[number];

/** An engine as it is at the start of a trial, with the way to it that a step has. */
export type World = { bed: Bed; close(): Promise<void> };

export type Case<W extends World> = {
  request: object | ((world: W) => object);
  /** A request that names what is not there; or why there is none such. */
  missing: object | string;
  before?(world: W): Promise<unknown>;
  /** Somebody else's change of what the write depends on, made before it or after it. */
  meddle?(world: W): Promise<unknown>;
  /** Requests without whose answer it may end well: it says what it does not know. */
  spares?: RegExp;
  /** Writes that change nothing when they are made again, and are. */
  again?: RegExp;
  /** Nobody can tell by looking whether it was done: `landed` is not asked after a success. */
  traceless?: true;
  /** It leaves no mark: the same done by somebody else looks as its own to `landed`. */
  unmarked?: true;
  /** It goes on after a write that fails: all of them fail then. */
  persists?: true;
  /** Why a kind is not tried. */
  without?: { [kind in Kind]?: string };
};

export function requestOf<W extends World>({ request }: Case<W>, world: W): object {
  return typeof request === 'function' ? request(world) : request;
}

/** How each operation of a tool is tried, and how its server refuses those who may not. */
export type Table<W extends World> = {
  tool: Tool;
  engine: string;
  refusals: readonly Trouble[];
  /** Where its answers break in other ways than those of a server. */
  broken?: { troubles: readonly Trouble[]; codes: readonly FaultCode[] };
  /** How its workers are lost, where a write is not one request. */
  killed?(
    fresh: (run: (world: W, arrived: Arrived) => Promise<void>) => Promise<void>,
    operation: AnyOperation,
  ): Promise<void>;
  /** Operations run a program, which is killed with its worker; their undo is tried with all that may go wrong too. */
  program?: true;
  cases: { [operation: string]: Case<W> };
  open(): Promise<W>;
};

/** What an operation is tried with; the suite runs exactly these. */
export function kindsOf(operation: AnyOperation, tried: Case<never>): Kind[] {
  return kindsFor(operation).filter(
    (kind) =>
      tried.without?.[kind] === undefined && (kind !== 'not found' || typeof tried.missing !== 'string'),
  );
}

/** What an operation can be tried with by its nature. */
export function kindsFor({ effect, undo }: AnyOperation): Kind[] {
  return kinds.filter((kind) => {
    switch (kind) {
      case 'conflict':
      case 'lost worker':
        return effect !== 'read';
      case 'undo':
      case 'undo twice':
        return effect !== 'read' && undo.kind === 'reversible';
      default:
        return true;
    }
  });
}
