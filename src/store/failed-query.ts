import { FaultError } from '../domain/fault.ts';
import { explainLoss } from './lost-connection.ts';

type Asked = { [name: string]: (...given: never[]) => Promise<unknown> };

/** The same, where a query that fails is told by what Postgres says: its SQL may hold what is kept. */
export function explainingFailures<T extends object>(asked: T): T {
  const explaining = Object.entries(asked as Asked).map(([name, ask]) => [
    name,
    (...given: never[]) =>
      ask(...given).catch((error: unknown) => {
        throw explainFailedQuery(error);
      }),
  ]);
  return Object.fromEntries(explaining) as T;
}

export function explainFailedQuery(error: unknown): unknown {
  const known = explainLoss(error);
  if (known instanceof FaultError || !(error instanceof Error)) return known;
  const said = error.cause instanceof Error ? error.cause : error;
  switch ((said as { code?: unknown }).code) {
    case '57014':
      return new FaultError('timeout', `Postgres did not answer in time: ${said.message}.`, { cause: error });
    case '42501': {
      const mend = 'The role of this process lacks rights that the migrations of Reign give it.';
      return new FaultError('not-allowed', `Postgres says: ${said.message}. ${mend}`, { cause: error });
    }
    default:
      return new Error(`Postgres says: ${said.message}`, { cause: error });
  }
}
