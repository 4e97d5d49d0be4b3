import { Socket } from 'node:net';
import { listOperation, mcpTool } from './mcp/index.ts';
import { loadPlugin } from './plugins/index.ts';
import { runStepHost } from './sandbox/host/index.ts';
import { channelDescriptor } from './sandbox/protocol.ts';
import { createCatalogue, tools, warmUp } from './tools/registry.ts';

/**
 * A sandboxed step: serves calls over descriptor 3, as described in src/sandbox/host. The tools and the packages they
 * use are loaded before it says `ready`. Arguments of a call by phase:
 * - `resolve`: `{ request }`; `preview`: `{ input, previous? }`; `capture`: `{ input }`
 * - `execute`, `landed`, `verify`: `{ input, approved: Preview | null, idempotencyKey }`
 * - `preview-restore`, `restore`, `verify-restored`: `{ input, undo }`
 */
const channel = new Socket({ fd: channelDescriptor, readable: true, writable: true });
channel.on('close', () => process.exit(0));
channel.on('error', () => process.exit(1));

await warmUp();
const host = runStepHost(({ plugins, mcp }) => {
  const lister = { name: 'mcp', summary: '', operations: [listOperation(mcp)] };
  const own = createCatalogue([...tools, ...mcp.map(mcpTool), ...(mcp.length > 0 ? [lister] : [])]);
  // Code that is not Reign's comes into the steps of plans that use it, and into no other.
  const added = plugins.map((plugin) => ({ plugin, tool: once(() => loadPlugin(plugin, [], 'step')) }));
  return async (id) => {
    const place = added.find(({ plugin }) => id.startsWith(`${plugin.tool}.`));
    return place === undefined ? own.find(id) : createCatalogue([await place.tool()]).find(id);
  };
}, channel);
process.on('SIGTERM', (signal) => host.stop(signal));
process.on('SIGINT', (signal) => host.stop(signal));

function once<Value>(make: () => Promise<Value>): () => Promise<Value> {
  let made: Promise<Value> | undefined;
  return () => {
    made ??= make();
    return made;
  };
}
