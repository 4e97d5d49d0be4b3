import EditorWorker from 'monaco-editor/editor/editor.worker.js?worker';
import { allowStyles, holdStyles } from './strict-styles.ts';

// The editor looks at this while it is loaded, so that this must be loaded first.
allowStyles();

self.MonacoEnvironment = {
  getWorker: () => new EditorWorker(),
  createTrustedTypesPolicy: (policyName, options) => ({
    name: policyName,
    ...options,
    ...(options?.createHTML
      ? {
          createHTML: (html: string, ...more: unknown[]) =>
            holdStyles(options.createHTML?.(html, ...more) ?? ''),
        }
      : {}),
  }),
};
