/** Every face that people talk to Reign through: one folder, one line. A test compares the two. */
export const adapters = ['slack', 'teams', 'terminal', 'web'] as const;
