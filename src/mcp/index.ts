export { listOperation } from './list-operation.ts';
export { mcpTool, usableTools } from './tool.ts';
