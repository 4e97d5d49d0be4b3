/** A file of a configured folder; `path` is relative, with slashes. */
export type ListedFile = { path: string; size: number; executable: boolean; sha256: string };

/** `digest` changes whenever a name, a mode or a content does. */
export type Listing = { files: readonly ListedFile[]; digest: string };
