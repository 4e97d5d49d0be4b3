import { FaultError } from '../../domain/fault.ts';

/** Ids that systemd's table of users leaves free: no account of a person or a service has one of them. */
const first = 60_600;
const count = 400;

export type Accounts = { take(): number; give(account: number): void };

/**
 * Hands out one unprivileged account id a step, never the same to two at once, so that steps cannot touch each
 * other's files and processes are counted for each.
 */
export function createAccounts(): Accounts {
  const used = new Set<number>();
  let next = first;
  return {
    take() {
      for (let tried = 0; tried < count; tried += 1) {
        const account = next;
        next = next + 1 === first + count ? first : next + 1;
        if (!used.has(account)) {
          used.add(account);
          return account;
        }
      }
      throw new FaultError('internal', `${count} steps run already. Wait until some end.`);
    },
    give: (account) => void used.delete(account),
  };
}
