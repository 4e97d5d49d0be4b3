import { useNow } from '../common/use-now.ts';
import { useSurroundings } from '../state/context.ts';
import { timeInWords } from '../words.ts';

type SaidProps = { person: string; text: string; at?: string; state?: string };

/** What a person wrote. */
export function Said({ person, text, at, state }: SaidProps) {
  const surroundings = useSurroundings();
  const now = useNow(false);
  return (
    <div
      className={person === surroundings.person ? 'said own' : 'said'}
      data-testid="said"
      data-person={person}
    >
      <p className="who">
        <b>{person}</b> <span className="time">{state ?? (at ? timeInWords(at, now) : '')}</span>
      </p>
      <p className="text">{text}</p>
    </div>
  );
}
