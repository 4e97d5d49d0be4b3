import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** Everything becomes a file of its own, named by its content: the page's security policy allows nothing inline. */
export default defineConfig({
  base: '/',
  plugins: [react()],
  build: {
    outDir: '../../../dist/page',
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    // The editor of manifests is one large part that is loaded when a step is opened.
    chunkSizeWarningLimit: 3000,
    rolldownOptions: { checks: { pluginTimings: false } },
  },
});
