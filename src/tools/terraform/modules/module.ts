/** Texts of one module, but for what all modules of a provider share. */
export type Module = { main: string; variables: string; outputs: string };
