import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import type { Plugin } from 'vite';
import { defineConfig } from 'vitest/config';
import { parse } from 'yaml';

const page = (name: string) => fileURLToPath(new URL(name, import.meta.url));

/** The API's description, served at /openapi.json, beside the pages that follow it. */
function openapiJson(): Plugin {
  const source = page('../../docs/openapi.yaml');
  return {
    name: 'openapi-json',
    apply: 'build',
    generateBundle() {
      const json = JSON.stringify(parse(readFileSync(source, 'utf8')));
      this.emitFile({ type: 'asset', fileName: 'openapi.json', source: json });
    },
  };
}

export default defineConfig({
  plugins: [svelte(), openapiJson()],
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
