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
      case 'think':
        return think(engine, id);
      case 'grant-undo':
        return grantUndo(engine, id);
      default:
        return kind satisfies never;
    }
  });
}
