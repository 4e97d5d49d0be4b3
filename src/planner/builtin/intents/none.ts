import { z } from 'zod';
import { learnable } from '../learn/annotated.ts';
import type { IntentSource } from '../types.ts';
import { otherTalk } from './other-talk.ts';
import { smallTalk } from './small-talk.ts';

const lines = [smallTalk, otherTalk].flatMap((text) => text.split('\n'));

export const noneIntents: readonly IntentSource[] = [
  learnable('none', 'nothing Reign does', 'read', z.object({}), lines),
];
