import { expect, test } from 'vitest';
import { z } from 'zod';
import { knownIntents } from './intents/index.ts';
import { takePasted } from './pasted.ts';
import { createBuiltinPlanner } from './planner.ts';

const manifest = `apiVersion: v1
kind: ConfigMap
metadata:
  name: banner
  namespace: desk
data:
  TEXT: restart it in production`;
const word = z.string().optional();
const apply = {
  id: 'kubernetes.apply',
  summary: 'applies a manifest',
  effect: 'update' as const,
  request: z.strictObject({ manifest: word, namespace: word, environment: word }),
  examples: [
    'apply this manifest',
    'apply this yaml',
    'kubectl apply -f -',
    'apply the manifest in staging',
  ].map((request) => ({ request, params: request.endsWith('staging') ? { environment: 'staging' } : {} })),
};
const offered = knownIntents.filter(({ id }) => id.startsWith('kubernetes.'));
const planner = createBuiltinPlanner({ catalogue: [...offered, apply] });
const environments = [{ name: 'staging', tier: 'nonproduction' as const, aliases: [], connections: [] }];
const stepsOf = async (text: string, context = {}) => {
  const reply = await planner.plan({ text, context, environments, person: 'ann' });
  return reply.kind === 'draft' ? reply.draft.steps : reply.kind;
};

test('a manifest is taken out of a message, fenced or bare', () => {
  expect(takePasted(`apply this:\n\`\`\`yaml\n${manifest}\n\`\`\`\nthanks`)).toEqual({
    said: 'apply this:\n \nthanks',
    pasted: manifest,
  });
  expect(takePasted(`apply this in staging\n${manifest}`)).toEqual({
    said: 'apply this in staging',
    pasted: manifest,
  });
  for (const text of ['scale web to 3', 'run ```ls -l```', 'kind: of you'])
    expect(takePasted(text)).toEqual({ said: text });
});

test('its words say nothing to Reign, and it fills the request', async () => {
  const request = { environment: 'staging', manifest };
  expect(await stepsOf(`apply this manifest in staging:\n${manifest}`)).toMatchObject([
    { operation: 'kubernetes.apply', request },
  ]);
  expect(await stepsOf(manifest)).toMatchObject([{ operation: 'kubernetes.apply', request: { manifest } }]);
  const context = { operation: 'kubernetes.apply', request: { environment: 'staging' } };
  expect(await stepsOf(`\`\`\`\n${manifest}\n\`\`\``, context)).toMatchObject([{ request }]);
});
