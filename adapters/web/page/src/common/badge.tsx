import type { ReactNode } from 'react';
import type { Tier } from '../../../../../src/domain/environment.ts';
import type { Tone } from '../words.ts';

export function Badge({ tone = 'quiet', children }: { tone?: Tone; children: ReactNode }) {
  return <span className={`badge ${tone}`}>{children}</span>;
}

/** An environment by name, with its tier in words, and whether it is only the demo cluster. */
export function EnvironmentBadge({ name, tier, demo }: { name: string; tier: Tier; demo: boolean }) {
  return (
    <span className={`environment ${tier}`}>
      <b>{name}</b>
      <span className="tier">{tier === 'production' ? 'production tier' : 'non-production'}</span>
      {demo && <span className="demo">demo cluster</span>}
    </span>
  );
}
