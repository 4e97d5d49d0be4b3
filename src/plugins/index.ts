export { versionOf } from './code-version.ts';
export { findPlugin } from './find-plugin.ts';
export type { Place } from './guard.ts';
export { keepCode } from './keep-code.ts';
export { loadPlugin } from './load-plugin.ts';
