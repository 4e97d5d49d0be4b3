import { z } from 'zod';
import { dockerName } from './place.ts';

const text = z.union([z.string(), z.number(), z.boolean()]).transform(String);
const words = z.union([z.string(), z.array(text)]);
const pairs = z.union([z.array(z.string()), z.record(z.string(), text.nullable())]);
const size = z.union([z.string(), z.number()]);
const limits = z.strictObject({
  cpus: text.optional(),
  memory: size.optional(),
  pids: z.number().optional(),
});

const port = z.union([
  z.string(),
  z.number(),
  z.strictObject({
    target: z.number(),
    published: text,
    host_ip: z.string().optional(),
    protocol: z.enum(['tcp', 'udp']).optional(),
    mode: z.string().optional(),
  }),
]);

const mount = z.union([
  z.string(),
  z.strictObject({
    type: z.enum(['volume', 'bind', 'tmpfs']),
    source: z.string().optional(),
    target: z.string(),
    read_only: z.boolean().optional(),
  }),
]);

/** What a service may say: everything that stays within its container. What is not listed is refused by name. */
export const serviceSchema = z.strictObject({
  image: z.string().optional(),
  build: z.unknown().optional(),
  container_name: dockerName.optional(),
  command: words.nullish(),
  entrypoint: words.nullish(),
  environment: pairs.optional(),
  ports: z.array(port).optional(),
  expose: z.array(text).optional(),
  volumes: z.array(mount).optional(),
  tmpfs: z.union([z.string(), z.array(z.string())]).optional(),
  networks: z
    .union([
      z.array(z.string()),
      z.record(z.string(), z.strictObject({ aliases: z.array(z.string()).optional() }).nullable()),
    ])
    .optional(),
  network_mode: z.enum(['none', 'bridge']).optional(),
  depends_on: z
    .union([
      z.array(z.string()),
      z.record(
        z.string(),
        z.strictObject({
          condition: z.enum(['service_started', 'service_healthy']).default('service_started'),
          restart: z.boolean().optional(),
          required: z.boolean().optional(),
        }),
      ),
    ])
    .optional(),
  healthcheck: z
    .strictObject({
      test: words.optional(),
      interval: z.string().optional(),
      timeout: z.string().optional(),
      start_period: z.string().optional(),
      retries: z.number().optional(),
      disable: z.boolean().optional(),
    })
    .optional(),
  restart: z.enum(['no', 'always', 'on-failure', 'unless-stopped']).optional(),
  labels: pairs.optional(),
  mem_limit: size.optional(),
  cpus: text.optional(),
  pids_limit: z.number().optional(),
  deploy: z
    .strictObject({
      resources: z.strictObject({ limits: limits.optional() }).optional(),
      replicas: z.literal(1).optional(),
    })
    .optional(),
  scale: z.literal(1).optional(),
  hostname: z.string().optional(),
  user: text.optional(),
  working_dir: z.string().optional(),
  stop_signal: z.string().optional(),
  stop_grace_period: z.string().optional(),
  init: z.boolean().optional(),
  read_only: z.boolean().optional(),
  tty: z.boolean().optional(),
  stdin_open: z.boolean().optional(),
  cap_drop: z.array(z.string()).optional(),
  security_opt: z.array(z.enum(['no-new-privileges', 'no-new-privileges:true'])).optional(),
  dns: z.union([z.string(), z.array(z.string())]).optional(),
  logging: z
    .strictObject({
      driver: z.enum(['json-file', 'local', 'none']).optional(),
      options: z.record(z.string(), text).optional(),
    })
    .optional(),
  profiles: z.array(z.string()).optional(),
});
export type ServiceFile = z.infer<typeof serviceSchema>;

const named = { name: dockerName.optional(), external: z.boolean().optional(), labels: pairs.optional() };

export const composeSchema = z.strictObject({
  version: text.optional(),
  name: z.string().optional(),
  services: z.record(dockerName.or(z.string().regex(/^[A-Za-z0-9]$/)), serviceSchema),
  networks: z
    .record(
      z.string(),
      z
        .strictObject({ ...named, driver: z.literal('bridge').optional(), internal: z.boolean().optional() })
        .nullable(),
    )
    .optional(),
  volumes: z
    .record(z.string(), z.strictObject({ ...named, driver: z.literal('local').optional() }).nullable())
    .optional(),
});
export type ComposeFile = z.infer<typeof composeSchema>;
