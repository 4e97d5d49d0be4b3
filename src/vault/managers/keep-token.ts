/** Keeps a token in memory until a minute before its end; who asks meanwhile waits for the same one. */
export function keepToken(
  get: () => Promise<{ token: string; seconds: number }>,
  keep: (secret: string) => void,
): () => Promise<string> {
  let held: Promise<{ token: string; until: number }> | undefined;
  return async () => {
    const now = await held?.catch(() => undefined);
    if (now !== undefined && now.until > Date.now()) return now.token;
    held = get().then(({ token, seconds }) => ({ token, until: Date.now() + (seconds - 60) * 1000 }));
    const { token } = await held;
    keep(token);
    return token;
  };
}
