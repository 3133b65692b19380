import { svelte } from '@sveltejs/vite-plugin-svelte'
import { cpSync, rmSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'vite'
import { LEAN_SVELTE } from './lean-svelte.mjs'

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)))
/** Where the files go: `dist/public`, or the folder that is given. */
const PUBLIC = resolve(process.argv[2] ?? join(ROOT, 'dist', 'public'))

/** Browsers that the widget is for: everything since spring 2023. */
const TARGET = ['chrome111', 'firefox114', 'safari16.4']

const COMMON = { root: ROOT, configFile: false, logLevel: 'warn', publicDir: false }

/** Terser makes scripts 3 % smaller, gzipped, than Vite's own minifier, told what holds of this code: reading a property does nothing. */
const SMALL = {
  minify: 'terser',
  terserOptions: {
    ecma: 2022,
    compress: {
      passes: 4,
      keep_fargs: false,
      pure_getters: true,
      unsafe_arrows: true,
      unsafe_comps: true,
      unsafe_math: true,
      unsafe_methods: true,
      unsafe_symbols: true,
      unsafe_undefined: true,
    },
    format: { comments: false },
  },
}

/** Scopes of styles in few letters, by what they hold. */
const SVELTE = {
  configFile: false,
  compilerOptions: {
    runes: true,
    discloseVersion: false,
    cssHash: ({ hash, css }) => `p${hash(css).slice(0, 4)}`,
  },
}

/** What is loaded later is one file: Vite's own helper would look for what else to fetch along with it. */
const NO_PRELOAD = {
  name: 'no-preload',
  enforce: 'pre',
  load: {
    filter: { id: /vite\/preload-helper\.js$/ },
    handler: () => ({ code: 'export const __vitePreload = (load) => load()', moduleSideEffects: false }),
  },
}

/** The page's half of the chat, which the loader fetches when the chat is wanted: one hashed file that imports nothing. */
const DESK = {
  ...COMMON,
  build: {
    ...SMALL,
    outDir: PUBLIC,
    emptyOutDir: false,
    target: TARGET,
    modulePreload: false,
    rolldownOptions: {
      input: 'widget/desk/main.ts',
      preserveEntrySignatures: 'strict',
      output: { entryFileNames: 'assets/desk-[hash].js' },
    },
  },
}

/** The chat frame: hashed files under `assets/`, found by the server through `manifest.json`. */
const FRAME = {
  ...COMMON,
  plugins: [svelte(SVELTE), LEAN_SVELTE, NO_PRELOAD],
  build: {
    ...SMALL,
    outDir: PUBLIC,
    emptyOutDir: false,
    target: TARGET,
    manifest: 'manifest.json',
    modulePreload: false,
    rolldownOptions: { input: 'widget/frame/main.ts' },
  },
}

/** The loader: one script without a hash, named for good by the tag on people's pages. */
const LOADER = {
  ...COMMON,
  build: {
    ...SMALL,
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

for (const name of ['assets', 'demo', 'desk.js', 'manifest.json', 'widget.js', 'widget.d.ts'])
  rmSync(join(PUBLIC, name), { recursive: true, force: true })
const { fileName } = (await build(DESK)).output[0]
// For loaders of an earlier release, whose file is gone.
cpSync(join(PUBLIC, fileName), join(PUBLIC, 'desk.js'))
const define = { PARLOR_DESK: JSON.stringify(fileName) }
await build({ ...FRAME, define })
await build({ ...LOADER, define })
cpSync(join(ROOT, 'demo'), join(PUBLIC, 'demo'), { recursive: true })
// All that pages see is in this one file, which imports nothing.
cpSync(join(ROOT, 'widget/public.ts'), join(PUBLIC, 'widget.d.ts'))
