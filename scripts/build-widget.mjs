import { svelte } from '@sveltejs/vite-plugin-svelte'
import { cpSync, rmSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'vite'

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)))
/** Where the files go: `dist/public`, or the folder that is given. */
const PUBLIC = resolve(process.argv[2] ?? join(ROOT, 'dist', 'public'))

/** Browsers that the widget is for: everything since spring 2023. */
const TARGET = ['chrome111', 'firefox114', 'safari16.4']

const COMMON = { root: ROOT, configFile: false, logLevel: 'warn', publicDir: false }

/** The chat frame: hashed files under `assets/`, found by the server through `manifest.json`. */
const FRAME = {
  ...COMMON,
  plugins: [svelte({ configFile: false })],
  build: {
    outDir: PUBLIC,
    emptyOutDir: false,
    target: TARGET,
    manifest: 'manifest.json',
    modulePreload: { polyfill: false },
    rolldownOptions: { input: 'widget/frame/main.ts' },
  },
}

/** The loader: one script without a hash, named for good by the tag on people's pages. */
const LOADER = {
  ...COMMON,
  build: {
    outDir: PUBLIC,
    emptyOutDir: false,
    target: TARGET,
    lib: {
      entry: 'widget/loader/main.ts',
      formats: ['iife'],
      name: 'ParlorLoader',
      fileName: () => 'widget.js',
    },
  },
}

for (const name of ['assets', 'demo', 'manifest.json', 'widget.js', 'widget.d.ts'])
  rmSync(join(PUBLIC, name), { recursive: true, force: true })
await build(FRAME)
await build(LOADER)
cpSync(join(ROOT, 'demo'), join(PUBLIC, 'demo'), { recursive: true })
// All that pages see is in this one file, which imports nothing.
cpSync(join(ROOT, 'widget/public.ts'), join(PUBLIC, 'widget.d.ts'))
