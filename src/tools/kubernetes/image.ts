/** The image with another tag: "shop/checkout:1.4@sha256:…" and "1.5" give "shop/checkout:1.5". */
export function withTag(image: string, tag: string): string {
  const bare = image.replace(/@.*$/, '');
  const slash = bare.lastIndexOf('/');
  const colon = bare.indexOf(':', slash + 1);
  const repository = colon === -1 ? bare : bare.slice(0, colon);
  return tag.startsWith('sha256:') ? `${repository}@${tag}` : `${repository}:${tag.replace(/^:/, '')}`;
}

/** Why a text is no image reference, or undefined when it is one. */
export function imageProblem(image: string): string | undefined {
  const part = '[a-z0-9]+(?:(?:\\.|_{1,2}|-+)[a-z0-9]+)*';
  const host = '(?:[a-zA-Z0-9.-]+(?::\\d+)?/)?';
  const reference = `^${host}${part}(?:/${part})*(?::[\\w][\\w.-]{0,127})?(?:@sha256:[0-9a-f]{64})?$`;
  if (new RegExp(reference).test(image)) return undefined;
  return `"${image}" is not an image reference. It looks like "registry/name:tag", in lower case but for the tag.`;
}
