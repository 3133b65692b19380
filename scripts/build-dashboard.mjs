// Builds the dashboard: one page, whose hashed files stand beside it.
import { svelte } from '@sveltejs/vite-plugin-svelte'
import tailwindcss from '@tailwindcss/vite'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'vite'

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)))
/** Where the files go: into `dashboard/` of `dist/public`, or of the folder that is given. */
const PUBLIC = resolve(process.argv[2] ?? join(ROOT, 'dist', 'public'))

await build({
  root: join(ROOT, 'dashboard'),
  base: '/dashboard/',
  configFile: false,
  logLevel: 'warn',
  publicDir: false,
  plugins: [tailwindcss(), svelte({ configFile: false, compilerOptions: { runes: true } })],
  build: {
    outDir: join(PUBLIC, 'dashboard'),
    emptyOutDir: true,
    target: ['chrome111', 'firefox128', 'safari16.4'],
    // Files of the build are named by their content; none is put into another as a data: URL, which the policy forbids.
    assetsInlineLimit: 0,
    // One chunk of a page is as large as its charts.
    chunkSizeWarningLimit: 1_000,
  },
})
