import { type Document, parseAllDocuments, type Scalar, stringify } from 'yaml';

/** Kubernetes reads YAML 1.1, where more words mean true and false: they are written in quotes. */
const options = { compat: 'yaml-1.1', logLevel: 'error' } as const;

/** The documents of a text; each says its own errors. */
export function documentsOf(text: string): Document[] {
  return parseAllDocuments(text, options) as Document[];
}

/** A value as YAML, long lines unbroken. */
export function written(value: object | Scalar): string {
  return stringify(value, { ...options, lineWidth: 0 });
}
