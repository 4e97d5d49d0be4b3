import { parseDocument } from 'yaml';
import { z } from 'zod';
import { isObject, type Json } from '../../domain/json.ts';
import { holdsValues } from './manifest-text.ts';

type Fields = { [field: string]: Json };

/** What a patch may not touch: names, and what the server keeps there. */
const fixedMetadata = ['name', 'namespace', 'uid', 'resourceVersion', 'generation', 'managedFields'];

/** A merge patch from JSON or YAML; `problem` says in words why it is none. */
export function readPatch(text: string, kind: string): { patch: Fields } | { problem: string } {
  const document = parseDocument(text.replace(/^\s*```\w*\n([\s\S]*?)\n?```\s*$/, '$1'));
  const [error] = document.errors;
  if (error !== undefined) {
    const [why = ''] = error.message.split('\n');
    return { problem: `The patch can't be read: ${why}` };
  }
  const value = z.json().safeParse(document.toJS({ maxAliasCount: 20 }) ?? null);
  if (!value.success || !isObject(value.data))
    return {
      problem: 'A patch is an object, as {"spec":{"replicas":3}}; JSON patches (lists) are not taken.',
    };
  const patch = value.data;
  if (Object.keys(patch).length === 0) return { problem: 'The patch is empty.' };
  const { metadata } = patch;
  const fixed = fixedMetadata.filter((field) => isObject(metadata) && Object.hasOwn(metadata, field));
  const top = ['apiVersion', 'kind', 'status'].filter((field) => Object.hasOwn(patch, field));
  const refused = [...top, ...fixed.map((field) => `metadata.${field}`)];
  if (refused.length > 0) return { problem: `A patch may not touch ${refused.join(', ')}.` };
  if (kind === 'Secret' && holdsValues(patch)) {
    const how = 'Keep the value with `reign credential set NAME`, and have it written by its name.';
    return { problem: `Values of secrets do not belong into a message. ${how}` };
  }
  if (JSON.stringify(patch).includes('"reign.dev/'))
    return { problem: "A patch may not touch Reign's own marks." };
  return { patch };
}
