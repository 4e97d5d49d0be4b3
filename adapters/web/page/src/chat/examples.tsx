/** What an empty thread shows: things that can be asked at once. */
export function Examples({ examples, pick }: { examples: readonly string[]; pick: (text: string) => void }) {
  return (
    <section className="examples" aria-label="Examples">
      <h2>Say what should be done</h2>
      <p className="quiet">
        In plain words. Every change is previewed first, and nothing risky starts before somebody approves it.
      </p>
      <ul>
        {examples.slice(0, 3).map((text) => (
          <li key={text}>
            <button type="button" className="chip" data-testid="example" onClick={() => pick(text)}>
              {text}
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
