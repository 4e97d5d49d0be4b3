import { existsSync } from 'node:fs';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyPluginAsync } from 'fastify';
import { pageHeaders } from './page-headers.ts';

export type WebAdapterOptions = {
  /** Where the build put the page: `dist/page` of the project, as an absolute path. */
  pageFolder: string;
};

export type WebAdapter = { name: 'web'; routes: FastifyPluginAsync };

/**
 * The web face: serves the built chat page at `/`. What people write and click comes in by the API like anything
 * else, and what they see is drawn by the page, so there is nothing here to translate.
 */
export function createWebAdapter({ pageFolder }: WebAdapterOptions): WebAdapter {
  return {
    name: 'web',
    routes: async (app) => {
      app.addHook('onSend', async (_request, reply) => {
        reply.headers(pageHeaders);
      });
      if (existsSync(join(pageFolder, 'index.html'))) await servePage(app, pageFolder);
      else sayNotBuilt(app);
    },
  };
}

/** One route for each file that is there at the start, so that nothing of the API's addresses is shadowed. */
async function servePage(app: FastifyInstance, pageFolder: string): Promise<void> {
  await app.register(fastifyStatic, {
    root: pageFolder,
    wildcard: false,
    decorateReply: false,
    cacheControl: false,
    dotfiles: 'ignore',
    setHeaders: (reply, path) => {
      reply.header('cache-control', cacheControl(path.slice(pageFolder.length)));
    },
  });
}

/** Files below assets/ are named by their content and never change; the rest is asked for anew each time. */
function cacheControl(path: string): string {
  return /^[\\/]?assets[\\/]/.test(path) ? 'public, max-age=31536000, immutable' : 'no-cache';
}

function sayNotBuilt(app: FastifyInstance): void {
  app.get('/', async (_request, reply) => {
    reply.code(503).type('text/plain; charset=utf-8').header('cache-control', 'no-store');
    return 'The chat page is not built yet. Run `npm run build`, then start Reign again.\nThe API and `reign chat` work without it.\n';
  });
}
