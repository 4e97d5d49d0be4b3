/**
 * Whether a container may mount a folder of its machine: exactly one that the connection lists (`/srv/uploads`, or
 * `/srv/uploads:ro` only to read). What lies below a listed folder is not listed with it: whoever writes there could put
 * a link to anywhere in its place.
 */
export function mayMount(listed: readonly string[], folder: string, readOnly: boolean): boolean {
  return folder.startsWith('/') && (listed.includes(folder) || (readOnly && listed.includes(`${folder}:ro`)));
}

/** What is said of a folder that may not be mounted. */
export function mountRefused(listed: readonly string[], text: string): string {
  const may =
    listed.length === 0 ? 'none of it is open to containers' : `open to containers are: ${listed.join(', ')}`;
  return `"${text}" would mount a folder of the machine; ${may} (mounts in reign.yaml). Use a volume: name:/path.`;
}
