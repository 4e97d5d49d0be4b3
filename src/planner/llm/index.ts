import { FaultError } from '../../domain/fault.ts';
import type { AnyOperation } from '../../domain/operation.ts';
import type { Telemetry } from '../../domain/ports/telemetry.ts';
import type { Thinker } from '../../domain/ports/thinker.ts';
import type { Runbook } from '../../domain/runbook.ts';
import type { Model } from './model.ts';
import { type Price, priceOf } from './price.ts';
import { anthropicModel } from './providers/anthropic.ts';
import { openAiModel } from './providers/openai.ts';
import { createThinker } from './thinker.ts';

export type LlmOptions = {
  provider: 'anthropic' | 'bedrock' | 'vertex' | 'openai';
  model: string;
  maxTokens: number;
  effort?: 'low' | 'medium' | 'high' | 'xhigh' | 'max';
  /** Another address of the provider's API. */
  baseUrl?: string;
  apiKey?: string;
  price?: Price;
  catalogue: readonly AnyOperation[];
  runbooks: readonly Runbook[];
  telemetry: Telemetry;
};

/** The planner with a language model, behind the provider that is configured. Its SDK is loaded only then. */
export async function createLlmPlanner(options: LlmOptions): Promise<Thinker> {
  const model = await modelFor(options);
  const { catalogue, runbooks, price, telemetry } = options;
  const system = systems[options.provider];
  return createThinker({
    model,
    price: priceOf(options.model, price),
    catalogue,
    runbooks,
    telemetry,
    system,
  });
}

/** How long one reply may take, in milliseconds, and how often the SDK tries again. */
const clientLimits = { timeout: 120_000, maxRetries: 2 };

/** As OpenTelemetry's conventions call them. */
const systems = {
  anthropic: 'anthropic',
  bedrock: 'aws.bedrock',
  vertex: 'gcp.vertex_ai',
  openai: 'openai',
} as const satisfies Record<LlmOptions['provider'], string>;

async function modelFor(options: LlmOptions): Promise<Model> {
  const { provider, model, maxTokens, baseUrl, apiKey, effort } = options;
  const address = baseUrl === undefined ? {} : { baseURL: baseUrl };
  const about = { model, maxTokens, ...(effort ? { effort } : {}) };
  switch (provider) {
    case 'anthropic': {
      const { default: Anthropic } = await import('@anthropic-ai/sdk');
      const client = new Anthropic({ ...clientLimits, ...address, ...(apiKey ? { apiKey } : {}) });
      return anthropicModel({ client, provider: 'Anthropic', key: 'ANTHROPIC_API_KEY', ...about });
    }
    case 'openai': {
      const { default: OpenAI } = await import('openai');
      // Local servers take any key; the SDK wants one.
      const client = new OpenAI({ ...clientLimits, ...address, apiKey: apiKey ?? 'none' });
      return openAiModel({ client, provider: 'The model’s server', key: 'OPENAI_API_KEY', model, maxTokens });
    }
    case 'bedrock': {
      const Sdk = await optional(provider, import('@anthropic-ai/bedrock-sdk'));
      const client = new Sdk({ ...clientLimits, ...address });
      return anthropicModel({ client, provider: 'Bedrock', key: 'the AWS credentials', ...about });
    }
    case 'vertex': {
      const Sdk = await optional(provider, import('@anthropic-ai/vertex-sdk'));
      const client = new Sdk({ ...clientLimits, ...address });
      return anthropicModel({ client, provider: 'Vertex', key: 'the Google credentials', ...about });
    }
    default:
      return provider satisfies never;
  }
}

/** The SDKs of the clouds bring many packages, and are installed by who uses them. Throws FaultError `unsupported`. */
async function optional<Sdk>(provider: string, loading: Promise<{ default: Sdk }>): Promise<Sdk> {
  const loaded = await loading.catch((error: unknown) => {
    const command = `npm install @anthropic-ai/${provider}-sdk`;
    throw new FaultError('unsupported', `llm.provider ${provider} needs a package: ${command}`, {
      cause: error,
    });
  });
  return loaded.default;
}
