import { z } from 'zod';
import { daemonInput, dockerName } from './place.ts';

export const upInput = daemonInput.extend({
  folder: z.string(),
  below: z.string(),
  file: z.string(),
  project: z.string().regex(/^[a-z0-9][a-z0-9_-]*$/),
  containers: z.array(dockerName).min(1),
  networks: z.array(dockerName),
  /** Why one that is replaced could not be made anew, if so. */
  unrepeatable: z.string().nullable(),
});
export type UpInput = z.infer<typeof upInput>;
