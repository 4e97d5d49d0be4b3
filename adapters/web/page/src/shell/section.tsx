import { Component, type ComponentType, lazy, type ReactNode, Suspense } from 'react';
import type { Route, Section } from '../route.ts';

export type SectionProps = { route: Extract<Route, { view: 'section' }> };

/** Each page comes when it is opened: the chat must not wait for what it does not show. */
const pages: Record<Section, ComponentType<SectionProps>> = {
  plans: lazy(() => import('../pages/plans.tsx')),
  approvals: lazy(() => import('../pages/approvals.tsx')),
  audit: lazy(() => import('../pages/audit.tsx')),
  tools: lazy(() => import('../pages/tools.tsx')),
  runbooks: lazy(() => import('../pages/runbooks.tsx')),
  health: lazy(() => import('../pages/health.tsx')),
  charts: lazy(() => import('../pages/charts.tsx')),
  terminal: lazy(() => import('../pages/terminal.tsx')),
};

export function SectionView({ route }: SectionProps) {
  const Page = pages[route.section];
  return (
    <Chunk key={route.section}>
      <Page route={route} />
    </Chunk>
  );
}

/** A part of the page that is loaded when it is needed, and that can fail to come. */
export class Chunk extends Component<{ children: ReactNode }, { failed: boolean }> {
  override state = { failed: false };

  static getDerivedStateFromError(): { failed: boolean } {
    return { failed: true };
  }

  override render(): ReactNode {
    if (this.state.failed) {
      return (
        <p className="fault" role="alert">
          This part of the page could not be shown. Load the page again; Reign may have been updated.
        </p>
      );
    }
    return <Suspense fallback={<p className="quiet loading">One moment…</p>}>{this.props.children}</Suspense>;
  }
}
