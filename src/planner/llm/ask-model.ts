import { toFault } from '../../domain/fault.ts';
import type { Telemetry } from '../../domain/ports/telemetry.ts';
import type { Model, ModelReply, ModelRequest } from './model.ts';

/** Asks the model for its next reply, as a span with what it used and why it stopped, and without a word of what was said. */
export async function askModel(
  model: Model,
  request: ModelRequest,
  { telemetry, system }: { telemetry: Telemetry; system: string },
): Promise<ModelReply> {
  const { name } = model;
  const attributes = {
    'gen_ai.operation.name': 'chat',
    'gen_ai.provider.name': system,
    'gen_ai.request.model': name,
  };
  return telemetry.span({ name: `chat ${name}`, kind: 'client', attributes }, async (span) => {
    const reply = await model.reply(request).catch((error: unknown) => {
      telemetry.count('reign_llm_failures_total', { model: name, code: toFault(error).code });
      throw error;
    });
    const { inputTokens, cachedTokens, outputTokens } = reply.used;
    span.set({
      'gen_ai.usage.input_tokens': inputTokens,
      'gen_ai.usage.cache_read.input_tokens': cachedTokens,
      'gen_ai.usage.output_tokens': outputTokens,
      'gen_ai.response.finish_reasons': [reply.stop],
    });
    const kinds = { input: inputTokens, cached: cachedTokens, output: outputTokens };
    for (const [kind, tokens] of Object.entries(kinds))
      telemetry.count('reign_llm_tokens_total', { model: name, kind }, tokens);
    return reply;
  });
}
