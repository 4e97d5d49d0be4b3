import type { Extensions, KeptCode } from '../domain/extensions.ts';
import type { StartedChild } from './backend.ts';

/** The folders of code that steps have to read besides Reign's own. */
export function extensionFolders(extensions: Extensions | undefined): string[] {
  const servers = (extensions?.mcp ?? []).flatMap(({ reach }) =>
    reach.kind === 'stdio' ? [reach.code] : [],
  );
  const code = [...(extensions?.plugins ?? []), ...servers].filter((each) => each !== undefined);
  return [...new Set(code.map(({ folder }) => folder))];
}

/** The extensions with their folders as a child calls them. */
export function seenBy({ seenCode }: StartedChild, { plugins, mcp }: Extensions): Extensions {
  const inside = <Code extends KeptCode>(code: Code): Code => ({ ...code, folder: seenCode(code.folder) });
  return {
    plugins: plugins.map(inside),
    mcp: mcp.map((server) => {
      const { reach } = server;
      if (reach.kind !== 'stdio' || reach.code === undefined) return server;
      return { ...server, reach: { ...reach, code: inside(reach.code) } };
    }),
  };
}
