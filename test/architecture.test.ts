import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'

const ROOT = join(import.meta.dirname, '..')

/** The process itself: it may import everything, and nobody imports it. */
const ROOF = [
  'server/index.ts',
  'server/main.ts',
  'server/all-cores.ts',
  'server/app.ts',
  'server/open-keeping.ts',
  'server/cli.ts',
  'server/seed.ts',
  'server/greeting.ts',
  'server/failure.ts',
]
const isRoof = (path: string) => ROOF.includes(path) || path.startsWith('server/commands/')

/** The floors of `server/`, from the ground up. A folder imports lower floors and itself, never its own floor. */
const FLOORS = [
  ['config', 'infra'],
  ['llm', 'integrations', 'auth', 'clients', 'knowledge'],
  ['tools'],
  ['agent'],
  ['billing', 'alerts'],
  ['conversation'],
  ['desk', 'jobs'],
  ['handoff', 'telling', 'channels', 'http'],
  ['doctor', 'workers', 'demo'],
]

/** What a floor may take from its own: config is read by infra's parts. */
const SAME_FLOOR_ALLOWED = new Set(['infra -> config', 'config -> infra'])

/** What the browser may import from `protocol/` as values: these files pull in no schema library. */
const VALUES_FOR_BROWSERS = [
  'brand-colours',
  'contrast',
  'errors',
  'handoff-defaults',
  'limits',
  'result',
  'roles',
  'snippet',
  'version',
  'week-days',
]

interface Import {
  file: string
  target: string
  typeOnly: boolean
}

function sourceFiles(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .map((name) => `${folder}/${name.replaceAll('\\', '/')}`)
    .filter((name) => /\.(ts|svelte)$/.test(name))
}

const IMPORT =
  /^\s*(?:import|export)\s+(type\s)?(?:[^'"]*?\sfrom\s+)?['"](\.[^'"]+)['"]|\bimport\(\s*['"](\.[^'"]+)['"]\s*\)/gm

function importsOf(file: string): Import[] {
  const text = readFileSync(join(ROOT, file), 'utf8')
  return [...text.matchAll(IMPORT)].map(([, type, from, dynamic]) => ({
    file,
    target: relative(ROOT, join(ROOT, dirname(file), from ?? dynamic ?? '')).replaceAll('\\', '/'),
    typeOnly: type !== undefined,
  }))
}

const FOLDERS = [
  ...['protocol', 'models', 'migrations', 'server', 'sockets', 'client', 'transcript', 'widget', 'dashboard'],
]
const imports = FOLDERS.flatMap(sourceFiles).flatMap(importsOf)
const top = (path: string) => path.split('/')[0] ?? ''
const room = (path: string) => path.split('/')[1] ?? ''

/** Fails with every import from `from` that is not allowed. */
function allowOnly(from: string, allowed: (one: Import) => boolean): void {
  const wrong = imports.filter((one) => top(one.file) === from && !isRoof(one.file) && !allowed(one))
  assert.deepEqual(
    wrong.map((one) => `${one.file} imports ${one.target}`),
    [],
  )
}

describe('The house', () => {
  it('finds its imports', () => {
    assert.ok(imports.length > 100)
    assert.ok(imports.some((one) => one.file.endsWith('.svelte')))
  })

  it('lets protocol import nothing of ours', () => {
    allowOnly('protocol', (one) => top(one.target) === 'protocol')
  })

  it('lets models and migrations import the protocol at most', () => {
    allowOnly('models', (one) => ['models', 'protocol'].includes(top(one.target)))
    allowOnly('migrations', (one) => ['migrations', 'protocol'].includes(top(one.target)))
  })

  it('never lets the server import sockets', () => {
    allowOnly('server', (one) => ['protocol', 'models', 'migrations', 'server'].includes(top(one.target)))
  })

  it('lets sockets import the server and the protocol', () => {
    allowOnly('sockets', (one) => ['protocol', 'server', 'sockets'].includes(top(one.target)))
  })

  it('gives the browser types of the protocol, and values only where no schema library comes along', () => {
    for (const folder of ['transcript', 'widget', 'client', 'dashboard']) {
      allowOnly(folder, (one) => {
        if (top(one.target) === folder) return true
        // Pages of the dashboard ask as every other program does.
        if (folder === 'dashboard' && top(one.target) === 'client') return true
        // What a client's widget would look like, the widget itself shows.
        if (one.file.startsWith('dashboard/preview/') && top(one.target) === 'widget') return true
        if (['widget', 'dashboard'].includes(folder) && top(one.target) === 'transcript') return true
        if (top(one.target) !== 'protocol') return false
        return one.typeOnly || VALUES_FOR_BROWSERS.some((name) => one.target === `protocol/${name}.ts`)
      })
    }
    const withLibrary = VALUES_FOR_BROWSERS.filter((name) =>
      readFileSync(join(ROOT, 'protocol', `${name}.ts`), 'utf8').includes("from 'typebox'"),
    )
    assert.deepEqual(withLibrary, [])
  })

  it('keeps the floors of the server in order', () => {
    const floorOf = (name: string) => FLOORS.findIndex((floor) => floor.includes(name))
    allowOnly('server', (one) => {
      if (top(one.target) !== 'server') return true
      const [from, to] = [room(one.file), room(one.target)]
      if (from === to || SAME_FLOOR_ALLOWED.has(`${from} -> ${to}`)) return true
      assert.notEqual(floorOf(from), -1, `server/${from} stands on no floor`)
      return floorOf(to) !== -1 && floorOf(to) < floorOf(from)
    })
  })

  it('lets the agent know nothing but the provider contract', () => {
    const wrong = imports.filter(
      (one) =>
        one.file.startsWith('server/agent/') && !/^server\/(agent\/|llm\/provider\.ts$)/.test(one.target),
    )
    assert.deepEqual(wrong, [])
  })

  it('lets the bench see a server from outside only, and nobody build on the bench', () => {
    const own = sourceFiles('bench').flatMap(importsOf)
    const inside = own.filter(({ target }) => !/^(bench|protocol|test\/support)\//.test(target))
    assert.deepEqual(inside, [])
    assert.deepEqual(
      imports.filter((one) => top(one.target) === 'bench'),
      [],
    )
  })

  it('lets nobody import the roof but the roof', () => {
    const wrong = imports.filter((one) => isRoof(one.target) && !isRoof(one.file))
    assert.deepEqual(wrong, [])
  })

  it('reads the environment in one file; another sets what a library reads there', () => {
    const readers = FOLDERS.flatMap(sourceFiles).filter((file) =>
      /\bprocess\.env\b/.test(readFileSync(join(ROOT, file), 'utf8')),
    )
    assert.deepEqual(readers, ['server/config/env.ts', 'sockets/engine/load-uws.ts'])
  })

  it('keeps its files short: median 80 lines at most, one in ten over 200, none over 350', () => {
    const lengths = FOLDERS.flatMap(sourceFiles)
      .map((file) => readFileSync(join(ROOT, file), 'utf8').split('\n').length)
      .sort((a, b) => a - b)
    const at = (share: number) => lengths[Math.floor(lengths.length * share)] ?? 0
    assert.ok(at(0.5) <= 80, `median ${at(0.5)}`)
    assert.ok(at(0.9) <= 200, `nine in ten ${at(0.9)}`)
    assert.ok((lengths.at(-1) ?? 0) <= 350, `longest ${String(lengths.at(-1))}`)
  })
})
