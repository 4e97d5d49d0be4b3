/** A hold on all writes below a scope (`environment` or `environment/namespace`), until an end or `unfreeze`. */
export type Freeze = {
  id: string;
  scope: string;
  reason: string;
  by: string;
  from: Date;
  until?: Date;
};

/** The first freeze that covers a place at a time, or undefined. `place` is `environment[/namespace]`. */
export function coveringFreeze(
  freezes: readonly Freeze[],
  place: string | undefined,
  now: Date,
): Freeze | undefined {
  return freezes.find(
    ({ scope, until }) =>
      (until === undefined || until > now) &&
      (place === undefined || place === scope || place.startsWith(`${scope}/`)),
  );
}
