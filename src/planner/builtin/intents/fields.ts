import { z } from 'zod';

/** Fields that many intents share; all are optional, since a message says what it says. */
export const text = z.string().min(1).optional();
export const whole = z.number().int().nonnegative().optional();
export const flag = z.boolean().optional();
export const place = { namespace: text, environment: text };
