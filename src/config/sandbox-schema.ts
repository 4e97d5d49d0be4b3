import { z } from 'zod';
import { durationPattern } from './duration.ts';

const label = z
  .string()
  .regex(/^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/, 'expected a name of small letters, digits and -')
  .max(63);

const podSchema = z
  .strictObject({
    image: z
      .string()
      .regex(/^\S+$/, 'expected an image')
      .describe('The image of the workers: steps run from it.'),
    namespace: label.optional().describe('Where pods are made (default: the namespace of the worker).'),
    pullSecret: label.optional().describe('A Secret there with which the image is pulled.'),
    context: z
      .string()
      .min(1)
      .optional()
      .describe('For a worker outside of the cluster: context of a kubeconfig.'),
    kubeconfig: z.string().min(1).optional().describe('The kubeconfig file (default: the usual one).'),
    address: z
      .string()
      .regex(/^[A-Za-z0-9.:-]+$/, 'expected an address or a host')
      .optional()
      .describe('Address of this worker, as pods reach it (default: that of its own pod).'),
    port: z
      .int()
      .min(1)
      .max(65_535)
      .optional()
      .describe(
        'Port on which a worker listens for its pods (default: 7374); docs/step-pods.yaml names it too.',
      ),
    waiting: z.int().min(0).max(20).optional().describe('Pods of each kind kept ready (default: 1).'),
    startWithin: z
      .string()
      .regex(durationPattern, 'expected a number and s, m, h or d, as in 30m or 4h')
      .optional()
      .describe('How long a pod may take to start (default: 60s).'),
  })
  .describe('Pods for steps, where bubblewrap does not work; see docs/operations.md.');

export const sandboxSchema = z
  .strictObject({
    backend: z
      .enum(['auto', 'bubblewrap', 'pod'])
      .optional()
      .describe(
        'What steps run in (default: auto, bubblewrap where it works, else pods where they are given).',
      ),
    pod: podSchema.optional(),
  })
  .refine(({ backend, pod }) => backend !== 'pod' || pod !== undefined, {
    path: ['pod'],
    message: 'backend is pod: say pod: { image: … } too',
  })
  .describe('What isolates steps.');
