import './monaco-environment.ts';
import * as monaco from 'monaco-editor/editor/editor.api.js';
import 'monaco-editor/languages/definitions/yaml/register.js';

/** The editor's own colours are too faint on a changed line, in the light as in the dark. */
monaco.editor.defineTheme('reign-light', {
  base: 'vs',
  inherit: true,
  rules: [
    { token: 'type', foreground: '005f5f' },
    { token: 'number', foreground: '05603f' },
    { token: 'comment', foreground: '006000' },
  ],
  colors: {
    'diffEditor.insertedLineBackground': '#9bb95530',
    'diffEditor.removedLineBackground': '#ff000018',
    'diffEditor.insertedTextBackground': '#9bb95540',
    'diffEditor.removedTextBackground': '#ff000024',
  },
});
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
