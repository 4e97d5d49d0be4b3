import type { ReactNode } from 'react';

type PageProps = { title: string; about?: ReactNode; children: ReactNode };

/** The frame of one of the console's pages. */
export function Page({ title, about, children }: PageProps) {
  return (
    <div className="scroll">
      <div className="page">
        <header className="page-head">
          <h2>{title}</h2>
          {about && <p className="quiet">{about}</p>}
        </header>
        {children}
      </div>
    </div>
  );
}
