import { describe, expect, it } from 'vitest';
import { asTyped, fieldsOf, readForm } from './schema-form.ts';

const schema = {
  type: 'object',
  required: ['name'],
  properties: {
    replicas: { anyOf: [{ type: 'integer' }, { type: 'string', description: 'e.g. 10x' }] },
    count: { type: 'integer' },
    wait: { type: 'boolean' },
    kind: { enum: ['deployment', 'statefulset'] },
    hosts: { type: 'array', items: { type: 'string' } },
    patch: { type: 'object' },
    name: { type: 'string', description: 'which' },
  },
};

describe('a form made from a schema', () => {
  const fields = fieldsOf(schema);

  it('asks for what is needed first, and for each in its own way', () => {
    expect(fields.map(({ name, kind }) => `${name}: ${kind}`)).toEqual([
      'name: text',
      'replicas: text',
      'count: number',
      'wait: boolean',
      'kind: choice',
      'hosts: list',
      'patch: json',
    ]);
    expect(fields[1]?.hint).toBe('e.g. 10x');
  });

  it('reads what was typed as what is wanted, and leaves out what is empty', () => {
    const typed = {
      name: 'checkout',
      replicas: '6',
      count: '2',
      wait: 'true',
      kind: 'deployment',
      hosts: 'a\n b \n',
      patch: '{"a":[1]}',
    };
    expect(readForm(fields, typed)).toEqual({
      values: {
        name: 'checkout',
        replicas: 6,
        count: 2,
        wait: true,
        kind: 'deployment',
        hosts: ['a', 'b'],
        patch: { a: [1] },
      },
      problems: {},
    });
    expect(readForm(fields, { name: '42', replicas: '10x' }).values).toEqual({ name: '42', replicas: '10x' });
  });

  it('says what is wrong, field by field', () => {
    const { problems } = readForm(fields, { count: 'many', patch: '{' });
    expect(problems).toEqual({
      name: 'This is needed.',
      count: '"many" is no number.',
      patch: 'This is no JSON.',
    });
  });

  it('shows an example as it would be typed', () => {
    expect(asTyped('checkout')).toBe('checkout');
    expect(asTyped(6)).toBe('6');
    expect(asTyped(['a', 'b'])).toBe('a\nb');
    expect(asTyped({ a: 1 })).toBe('{\n  "a": 1\n}');
  });
});
