export type {
  ClusterConfig,
  Config,
  ConfigOptions,
  DockerConfig,
  EnvironmentConfig,
  McpConfig,
  PluginConfig,
  Role,
  ServiceConfig,
} from './config.ts';
export { environmentRules, environmentsView, webConnection } from './environments.ts';
export { loadConfig } from './load-config.ts';
export { ConfigError, type ConfigProblem, type ConfigSource, formatConfigProblem } from './problem.ts';
export { configJsonSchema } from './schema.ts';
export { type TemplateFacts, writeConfigTemplate } from './template.ts';
