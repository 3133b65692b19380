import { rmSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { dirname, join, relative, sep } from 'node:path'
import { pathToFileURL } from 'node:url'
import { ROOT } from './run-step.mjs'

/** Where the compiled files are, in the tree of their sources. */
const COMPILED = join('dist', 'tests')

/** All that tests load. The files of a tool find what they read beside their source, since only code is compiled. */
const PRODUCT = [
  'protocol',
  'models',
  'migrations',
  'server',
  'sockets',
  'client',
  'transcript',
  'widget',
  'dashboard',
]
const TOOLS = ['test', 'bench', 'eval']

/** The compiled file, or files, of a source's path or pattern. */
export function compiledOf(source) {
  return `${COMPILED}/${source.replace(/\.ts$/, '.js')}`
}

/**
 * Compiles, file by file, whatever tests load, in about two seconds; types are another's business. Every process that starts
 * from source, and every thread in it, spends two seconds of a core on compiling and finding its modules.
 */
export async function compileTests() {
  // Imported only now: on a fresh clone it has just been installed.
  const { build } = await import('esbuild')
  rmSync(join(ROOT, COMPILED), { recursive: true, force: true })
  await build({
    absWorkingDir: ROOT,
    entryPoints: [...PRODUCT, ...TOOLS].map((folder) => `${folder}/**/*.ts`),
    outdir: COMPILED,
    outbase: '.',
    platform: 'node',
    format: 'esm',
    target: 'node20.19',
    sourcemap: 'linked',
    sourcesContent: false,
    logLevel: 'warning',
    // Only a bundle may change what is imported: nothing is put together, since nothing is within it.
    bundle: true,
    packages: 'external',
    plugins: [{ name: 'file by file', setup: (steps) => (importCompiled(steps), keepPlaces(steps)) }],
  })
}

function importCompiled({ onResolve }) {
  onResolve({ filter: /^\.\.?\// }, ({ path }) => ({ path: path.replace(/\.ts$/, '.js'), external: true }))
}

function keepPlaces({ onLoad }) {
  onLoad({ filter: /\.ts$/ }, async ({ path }) => {
    const source = await readFile(path, 'utf8')
    if (!TOOLS.includes(relative(ROOT, path).split(sep)[0])) return { contents: source, loader: 'ts' }
    const contents = source
      .replaceAll('import.meta.dirname', JSON.stringify(dirname(path)))
      .replaceAll('import.meta.url', JSON.stringify(pathToFileURL(path).href))
    return { contents, loader: 'ts' }
  })
}
