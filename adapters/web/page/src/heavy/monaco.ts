import './monaco-environment.ts';
import * as monaco from 'monaco-editor/editor/editor.api.js';
import 'monaco-editor/languages/definitions/yaml/register.js';

/** The editor's own dark colours are too faint on a changed line. */
monaco.editor.defineTheme('reign-dark', {
  base: 'vs-dark',
  inherit: true,
  rules: [{ token: 'string', foreground: 'e8b59c' }],
  colors: {
    'diffEditor.insertedLineBackground': '#9bb95518',
    'diffEditor.removedLineBackground': '#ff000028',
  },
});

export { monaco };
