import type { RedisAddress } from '../src/domain/ports/redis-address.ts';
import type { GatewayEngine } from '../src/engine/engine.ts';
import { grantUndo } from '../src/engine/grant-undo.ts';
import { handleMessage } from '../src/engine/handle-message.ts';
import { think } from '../src/engine/investigate/think.ts';
import { type Consumer, consume } from './consume.ts';
import type { JobPayloads } from './queues.ts';

/** What gateways take: messages to read, and undo hours to grant. */
export function consumeGateway(engine: GatewayEngine, redis: RedisAddress): Consumer {
  const { logger, telemetry } = engine;
  const about = ({ kind, id }: JobPayloads['gateway']) =>
    kind === 'message' ? { message: id } : { plan: id };
  return consume('gateway', redis, { concurrency: 10, logger, telemetry, about }, ({ kind, id }) => {
    switch (kind) {
      case 'message':
        return handleMessage(engine, id);
      case 'grant-undo':
        return grantUndo(engine, id);
      default:
        return kind satisfies never;
    }
  });
}

/** Turns of investigations, whose models may be slow. */
export function consumeThoughts(engine: GatewayEngine, redis: RedisAddress): Consumer {
  const { logger, telemetry } = engine;
  const about = ({ id }: JobPayloads['thoughts']) => ({ message: id });
  return consume('thoughts', redis, { concurrency: 20, logger, telemetry, about }, ({ id }) =>
    think(engine, id),
  );
}
