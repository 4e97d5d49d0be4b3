import { existsSync } from 'node:fs';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyPluginAsync, FastifyReply } from 'fastify';
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
      await app.register(fastifyStatic, {
        root: pageFolder,
        serve: false,
        cacheControl: false,
        dotfiles: 'ignore',
        setHeaders: (response, path) => {
          response.setHeader('cache-control', cacheControl(path.slice(pageFolder.length)));
        },
      });
      app.addHook('onSend', async (_request, reply) => {
        reply.headers(pageHeaders);
      });
      app.get('/', async (_request, reply) => {
        return existsSync(join(pageFolder, 'index.html')) ? reply.sendFile('index.html') : sayNotBuilt(reply);
      });
      app.get('/favicon.svg', async (_request, reply) => reply.sendFile('favicon.svg'));
      app.get<{ Params: { '*': string } }>('/assets/*', async ({ params }, reply) => {
        return reply.sendFile(params['*'], join(pageFolder, 'assets'));
      });
    },
  };
}

/** Files below assets/ are named by their content and never change; the rest is asked for anew each time. */
function cacheControl(path: string): string {
  return /^[\\/]?assets[\\/]/.test(path) ? 'public, max-age=31536000, immutable' : 'no-cache';
}

function sayNotBuilt(reply: FastifyReply): FastifyReply {
  return reply
    .code(503)
    .type('text/plain; charset=utf-8')
    .header('cache-control', 'no-store')
    .send(
      'The chat page is not built yet. Run `npm run build` and load this again.\n' +
        'The API and `npx reign chat` work without it.\n',
    );
}
