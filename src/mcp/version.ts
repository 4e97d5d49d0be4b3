import type { McpServer, McpTool } from '../domain/extensions.ts';
import { canonicalJson, sha256 } from '../domain/json.ts';

/** Another number for another tool, and for the same tool reached in another way: plans are bound to it. */
export function versionOf({ name, environment = '', reads, reach }: McpServer, tool: McpTool): number {
  // The kept copy lies elsewhere in each process and in a step.
  const where = reach.kind === 'stdio' ? { ...reach, code: reach.code?.digest ?? '' } : reach;
  const made = canonicalJson({ name, environment, reads: reads.includes(tool.name), where, tool });
  return Math.max(1, Number.parseInt(sha256(made).slice(0, 8), 16) >>> 1);
}
