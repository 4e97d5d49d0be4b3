import { z } from 'zod';
import { url } from './url-field.ts';

export const telemetrySchema = z
  .strictObject({
    logs: z
      .enum(['file', 'stderr'])
      .optional()
      .describe('Where log lines go: logs/reign.log in the data folder (default), or standard error.'),
    traces: z
      .strictObject({
        endpoint: url('http', 'https')
          .optional()
          .describe(
            'Base address of an OTLP/HTTP receiver, as in http://otel-collector:4318 (default: OTEL_EXPORTER_OTLP_ENDPOINT; without either no traces are made).',
          ),
      })
      .optional(),
    metrics: z
      .strictObject({
        host: z
          .string()
          .min(1)
          .optional()
          .describe('Address that a worker serves /metrics at (default: 127.0.0.1).'),
        port: z
          .int()
          .min(0)
          .max(65_535)
          .optional()
          .describe(
            'Port of its own for /metrics (default: 9464 in a worker; a gateway serves them at its own address, and here besides where this is set).',
          ),
      })
      .optional(),
  })
  .describe('Logs, traces and metrics; see docs/telemetry.md.');
