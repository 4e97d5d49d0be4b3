import { Console } from '../heavy/console.tsx';

/** Reign's own command line. */
export default function Terminal() {
  return (
    <div className="console-page">
      <header className="page-head">
        <h2>Terminal</h2>
        <p className="quiet">
          The commands of <code>npx reign</code>, as yourself: <code>ask</code>, <code>plan</code>,{' '}
          <code>freeze</code>, <code>unfreeze</code>, <code>audit</code>; <code>help</code> lists them. There
          is no shell behind it.
        </p>
      </header>
      <Console />
    </div>
  );
}
