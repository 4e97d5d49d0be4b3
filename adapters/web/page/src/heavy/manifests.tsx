import { useEffect, useMemo, useRef } from 'react';
import { stringify } from 'yaml';
import type { Json } from '../../../../../src/domain/json.ts';
import { monaco } from './monaco.ts';
import { useDark } from './use-dark.ts';
import './heavy.css';

type ManifestsProps = { before: Json; after: Json; name: string };

const lineHeight = 19;
/** Lines that are in sight at once. */
const mostLines = 24;

/** What was read and what it shall become, whole and side by side, as YAML. */
export default function Manifests({ before, after, name }: ManifestsProps) {
  const place = useRef<HTMLDivElement>(null);
  const dark = useDark();
  const [original, modified] = useMemo(() => [asYaml(before), asYaml(after)], [before, after]);
  const lines = Math.max(original.split('\n').length, modified.split('\n').length);
  useEffect(() => monaco.editor.setTheme(dark ? 'reign-dark' : 'reign-light'), [dark]);
  useEffect(() => {
    if (!place.current) return;
    const editor = monaco.editor.createDiffEditor(place.current, {
      readOnly: true,
      automaticLayout: true,
      minimap: { enabled: false },
      scrollBeyondLastLine: false,
      renderOverviewRuler: false,
      renderIndicators: false,
      hideUnchangedRegions: { enabled: true },
      lineHeight,
      fontSize: 13,
      editContext: false,
      accessibilitySupport: 'on',
    });
    editor.getOriginalEditor().updateOptions({ ariaLabel: `Before: ${name}` });
    editor.getModifiedEditor().updateOptions({ ariaLabel: `After: ${name}` });
    const models = {
      original: monaco.editor.createModel(original, 'yaml'),
      modified: monaco.editor.createModel(modified, 'yaml'),
    };
    editor.setModel(models);
    return () => {
      editor.dispose();
      models.original.dispose();
      models.modified.dispose();
    };
  }, [original, modified, name]);
  const height = (Math.min(mostLines, Math.max(4, lines)) + 1) * lineHeight;
  return <div className="manifests" data-testid="manifests" ref={place} style={{ height }} />;
}

function asYaml(value: Json): string {
  return value === null ? '' : stringify(value, { lineWidth: 0 });
}
