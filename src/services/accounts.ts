import { readFile } from 'node:fs/promises';
import { execa } from 'execa';
import { childEnvironment } from './child-environment.ts';
import { isRoot } from './data-dir.ts';

/** A user of this machine under whom a service runs. */
export interface Account {
  name: string;
  uid: number;
  gid: number;
}

/**
 * Under whom to run a service. As an ordinary user: oneself (undefined). As root: the first of the named
 * accounts that exists, else `nobody`. No account is ever created: that would change the machine for the sake
 * of a private helper, and everything the helper owns is in folders of mode 0700.
 */
export async function accountFor(names: readonly string[]): Promise<Account | 'none' | undefined> {
  if (!isRoot()) return undefined;
  const accounts = await allAccounts();
  for (const name of [...names, 'nobody']) {
    const account = accounts.find((one) => one.name === name && one.uid > 0);
    if (account) return account;
  }
  return 'none';
}

/** The account with this user id; its name must be known to the machine, or initdb refuses. */
export async function accountOfUser(uid: number): Promise<Account | undefined> {
  return (await allAccounts()).find((account) => account.uid === uid);
}

/** Whether this account can go through a folder; asked of the kernel, so access lists count too. */
export async function canEnter(account: Account, folder: string): Promise<boolean> {
  const answer = await execa('/bin/sh', ['-c', 'test -x "$1"', 'sh', folder], {
    cwd: '/',
    uid: account.uid,
    gid: account.gid,
    env: childEnvironment(),
    extendEnv: false,
    reject: false,
  });
  return answer.exitCode === 0;
}

async function allAccounts(): Promise<Account[]> {
  const text = await readFile('/etc/passwd', 'utf8').catch(() => '');
  return text.split('\n').flatMap((line) => {
    const [name, , uid, gid] = line.split(':');
    return name && uid && gid ? [{ name, uid: Number(uid), gid: Number(gid) }] : [];
  });
}
