import { describe, expect, it } from 'vitest';
import { activateGrant } from './grants.ts';
import { parseRequestPath, type RequestPath } from './request-path.ts';

const path = parseRequestPath('/apis/apps/v1/namespaces/shop/deployments/web') as RequestPath;

function admits(holds?: () => boolean) {
  const rules = [{ connection: 'kubernetes:staging/main', method: 'PATCH' as const, path: path.path }];
  const gate = async () => ({ ok: true as const });
  const write = { rules, gate, ...(holds ? { holds } : {}) };
  const grant = activateGrant({ connections: ['kubernetes:staging/main'], write });
  return () =>
    grant.admits({ verdict: 'write', why: 'It writes.' }, 'kubernetes:staging/main', 'PATCH', path);
}

describe('a write', () => {
  it('passes while the lease holds', async () => {
    expect(await admits(() => true)()).toEqual({ ok: true });
  });

  it('is refused once the lease is over, also after the gate has said yes', async () => {
    let holding = true;
    const ask = admits(() => holding);
    expect((await ask()).ok).toBe(true);
    holding = false;
    expect(await ask()).toMatchObject({ ok: false, fault: { code: 'refused' } });
  });
});
