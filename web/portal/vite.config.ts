import { fileURLToPath } from 'node:url';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';

const page = (name: string) => fileURLToPath(new URL(name, import.meta.url));

export default defineConfig({
  plugins: [svelte()],
  build: {
    // Captive windows are as old as the phone's system: the oldest engines with what Svelte 5 needs.
    target: ['es2020', 'safari14', 'chrome85'],
    cssTarget: ['safari14', 'chrome85'],
    modulePreload: { polyfill: false },
    // Data URLs would need `img-src data:` in the Content-Security-Policy.
    assetsInlineLimit: 0,
    cssCodeSplit: true,
    rollupOptions: { input: { index: page('index.html'), online: page('online.html') } },
  },
  server: { proxy: { '/api': 'http://127.0.0.1:8090', '/p': 'http://127.0.0.1:8090' } },
  test: { include: ['src/**/*.test.ts', 'mock/**/*.test.ts'], environment: 'node' },
});
