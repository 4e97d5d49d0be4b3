import type { GatewayEngine } from '../src/engine/engine.ts';
import { grantUndo } from '../src/engine/grant-undo.ts';
import { handleMessage } from '../src/engine/handle-message.ts';
import { think } from '../src/engine/investigate/think.ts';
import { type Consumer, consume } from './consume.ts';

/** What gateways take: messages to read, and undo hours to grant. */
export function consumeGateway(engine: GatewayEngine, redisUrl: string): Consumer {
  return consume('gateway', redisUrl, { concurrency: 10, logger: engine.logger }, ({ kind, id }) => {
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
export function consumeThoughts(engine: GatewayEngine, redisUrl: string): Consumer {
  return consume('thoughts', redisUrl, { concurrency: 20, logger: engine.logger }, ({ id }) =>
    think(engine, id),
  );
}
