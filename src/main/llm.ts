import type { Config } from '../config/index.ts';
import type { OperationCatalogue } from '../domain/operation.ts';
import type { Telemetry } from '../domain/ports/telemetry.ts';
import type { Runbook } from '../domain/runbook.ts';
import type { GatewayEngine } from '../engine/engine.ts';
import { createLlmPlanner } from '../planner/llm/index.ts';

/** The planner with a language model, where one is configured. Throws FaultError where it cannot be had. */
export async function llmParts(
  { llm, secrets }: Config,
  { all: catalogue }: OperationCatalogue,
  runbooks: readonly Runbook[],
  telemetry: Telemetry,
): Promise<Pick<GatewayEngine, 'llm'>> {
  const { provider, budget, daily, hosts: _, ...about } = llm;
  if (provider === undefined) return {};
  const apiKey = secrets[provider === 'openai' ? 'OPENAI_API_KEY' : 'ANTHROPIC_API_KEY'];
  const thinker = await createLlmPlanner({
    ...about,
    provider,
    catalogue,
    runbooks,
    telemetry,
    ...(apiKey ? { apiKey } : {}),
  });
  return { llm: { thinker, budget, daily } };
}
