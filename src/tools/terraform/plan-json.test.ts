import { expect, test } from 'vitest';
import { renderDrift } from './drift.ts';
import { changesOf, hasProvisioners, planDigest, type ResourceChange } from './plan-json.ts';
import { summaryOf } from './words.ts';

type Shape = Partial<ResourceChange['change']> & { reason?: string; was?: string; mode?: string };

function change(address: string, { reason, was, mode = 'managed', ...shape }: Shape): ResourceChange {
  const type = address.split('.').at(-2) ?? '';
  return {
    ...{ address, mode, type, change: { actions: ['no-op'], before: {}, after: {}, ...shape } },
    ...(reason === undefined ? {} : { action_reason: reason }),
    ...(was === undefined ? {} : { previous_address: was }),
  };
}

test('what is lost comes first, what does not change is left out', () => {
  const changes = changesOf([
    change('aws_vpc.same', {}),
    change('data.aws_ami.read', { actions: ['read'], mode: 'data' }),
    change('aws_vpc.made', { actions: ['create'], before: null }),
    change('aws_vpc.moved', { was: 'aws_vpc.before' }),
    change('aws_vpc.taken', { importing: { id: 'x' } }),
    change('aws_vpc.changed', { actions: ['update'] }),
    change('aws_vpc.left', { actions: ['forget'] }),
    change('aws_db_instance.b', {
      actions: ['create', 'delete'],
      reason: 'replace_because_cannot_update',
      replace_paths: [['engine'], ['storage', 0, 'type']],
    }),
    change('aws_db_instance.a', { actions: ['delete'], after: null, reason: 'delete_because_count_index' }),
  ]);
  expect(changes.map(({ action, address, because }) => [action, address, because])).toEqual([
    ['destroy', 'aws_db_instance.a', 'count is smaller'],
    ['replace', 'aws_db_instance.b', 'it cannot be changed in place: engine, storage.0.type'],
    ['forget', 'aws_vpc.left', ''],
    ['update', 'aws_vpc.changed', ''],
    ['import', 'aws_vpc.taken', ''],
    ['move', 'aws_vpc.moved', 'was aws_vpc.before'],
    ['create', 'aws_vpc.made', ''],
  ]);
  expect(summaryOf(changes, ['a'])).toBe(
    '1 destroyed, 1 replaced, 1 forgotten, 1 changed, 1 imported, 1 moved, 1 created, 1 output',
  );
});

test('sensitive values are masked, also where only a part of one is sensitive', () => {
  const [only] = changesOf([
    change('aws_db_instance.a', {
      actions: ['update'],
      before: { password: 'old-secret', login: { user: 'a', key: 'old-key' }, size: 1, gone: 'x', same: 1 },
      after: { password: 'new-secret', login: { user: 'b', key: 'new-key' }, size: 2, same: 1 },
      after_unknown: { arn: true },
      before_sensitive: { password: true, login: { key: true } },
      after_sensitive: { password: true, login: { key: true } },
    }),
  ]);
  expect(only?.attributes).toEqual([
    { name: 'arn', before: '', after: '(known after apply)' },
    { name: 'gone', before: 'x', after: '' },
    { name: 'login', before: '(sensitive)', after: '(sensitive)' },
    { name: 'password', before: '(sensitive)', after: '(sensitive)' },
    { name: 'size', before: '1', after: '2' },
  ]);
});

test('the digest follows every value, and neither order nor time', () => {
  const a = change('x.a', { actions: ['update'], after: { size: 1, password: 'p' } });
  const b = change('x.b', { actions: ['create'] });
  const digest = planDigest({ resource_changes: [a, b] });
  expect(planDigest({ resource_changes: [b, a], terraform_version: '1' })).toBe(digest);
  const other = change('x.a', { actions: ['update'], after: { size: 1, password: 'q' } });
  expect(planDigest({ resource_changes: [other, b] })).not.toBe(digest);
  expect(planDigest({ resource_changes: [a, b], output_changes: { o: { actions: ['create'] } } })).not.toBe(
    digest,
  );
});

test('provisioners are found in modules, too', () => {
  const module = { resources: [{ provisioners: [{ type: 'local-exec' }] }] };
  expect(hasProvisioners({ root_module: { module_calls: { m: { module } } } })).toBe(true);
  expect(hasProvisioners({ root_module: { resources: [{ name: 'provisioners' }] } })).toBe(false);
});

test('drift says what differs, and what can be done', () => {
  const drift = changesOf([
    change('aws_sg.web', { actions: ['update'], before: { port: 443 }, after: { port: 22 } }),
  ]);
  expect(renderDrift('workspace', 3, summaryOf(drift), drift, [])).toMatchObject({
    rows: [['update', 'aws_sg.web', '', 'port: 443 → 22']],
    note: expect.stringContaining('1 changed outside of Terraform'),
  });
});
