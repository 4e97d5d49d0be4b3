import { expect, it } from 'vitest';
import { FaultError } from '../../domain/fault.ts';
import { createTelemetry } from '../../telemetry/index.ts';
import { askModel } from './ask-model.ts';
import type { Model, ModelRequest } from './model.ts';

const used = { inputTokens: 1200, cachedTokens: 1000, outputTokens: 30, cacheWrites: 0 };
const request = {} as ModelRequest;

it('counts tokens by model and kind, and failures by fault', async () => {
  const telemetry = createTelemetry();
  const model: Model = {
    provider: 'anthropic',
    name: 'm',
    reply: async () => ({ text: '', calls: [], raw: null, stop: 'done', used }),
  };
  await askModel(model, request, { telemetry, system: 'anthropic' });
  const away = async () => {
    throw new FaultError('unreachable', 'It does not answer.');
  };
  const failing = askModel({ ...model, reply: away }, request, { telemetry, system: 'anthropic' });
  await expect(failing).rejects.toThrow('It does not answer.');
  const { text } = await telemetry.expose();
  expect(text).toContain('reign_llm_tokens_total{model="m",kind="input"} 1200');
  expect(text).toContain('reign_llm_tokens_total{model="m",kind="cached"} 1000');
  expect(text).toContain('reign_llm_tokens_total{model="m",kind="output"} 30');
  expect(text).toContain('reign_llm_failures_total{model="m",code="unreachable"} 1');
});
