import { type FaultCode, FaultError, faultTable } from '../../domain/fault.ts';
import type { StateAbout } from '../../domain/ports/terraform-states.ts';
import type { LockHolder } from './http-lock.ts';

/** What Reign keeps of a workspace, asked for through the step's forwarder. */
export type States = {
  about(): Promise<StateAbout>;
  /** The state; undefined before the first apply. */
  read(): Promise<string | undefined>;
  /** Keeps a plan file, unless one of this key is kept already; the hash of the one that is. */
  keepPlan(key: string, file: Uint8Array): Promise<string>;
  /** @returns undefined when it is not kept any more */
  planFile(sha256: string): Promise<Buffer | undefined>;
  /** Does what writes the state. @throws FaultError `locked` */
  during<T>(work: () => Promise<T>): Promise<T>;
  /** Who holds the lock of a backend, where Terraform does not tell. */
  holder(): Promise<LockHolder | undefined>;
};

export function openStates(url: string): States {
  return {
    about: async () => (await demand(await fetch(`${url}/about`))).json() as Promise<StateAbout>,
    async read() {
      const answer = await fetch(`${url}/state`);
      return answer.status === 404 ? undefined : (await demand(answer)).text();
    },
    async keepPlan(key, file) {
      const known = await fetch(`${url}/plans/${key}`);
      const body = new Uint8Array(file);
      const answer =
        known.status === 404 ? await fetch(`${url}/plans/${key}`, { method: 'PUT', body }) : known;
      return ((await (await demand(answer)).json()) as { sha256: string }).sha256;
    },
    async planFile(sha256) {
      const answer = await fetch(`${url}/plan-files/${sha256}`);
      return answer.status === 404 ? undefined : Buffer.from(await (await demand(answer)).arrayBuffer());
    },
    // Terraform takes the lock itself.
    during: (work) => work(),
    holder: async () => undefined,
  };
}

async function demand(answer: Response): Promise<Response> {
  if (answer.ok) return answer;
  const said = (await answer.json().catch(() => ({}))) as { fault?: { code?: string; message?: string } };
  const { code = '', message = `the state was answered with ${answer.status}` } = said.fault ?? {};
  throw new FaultError(code in faultTable ? (code as FaultCode) : 'unreachable', message);
}
