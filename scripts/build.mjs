import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT, runNpmStep } from './run-step.mjs'

/** Everything that a build is made from. A name that is missing counts for nothing. */
const SOURCES = [
  'protocol',
  'models',
  'migrations',
  'server',
  'sockets',
  'client',
  'transcript',
  'widget',
  'dashboard',
  'demo',
  'scripts',
  'package.json',
  'package-lock.json',
  'tsconfig.json',
]
const STAMP = join(ROOT, 'dist', '.parlor-built')

/** True when `dist` was built from the sources as they are now. */
export function isBuilt() {
  try {
    return readFileSync(STAMP, 'utf8') === hashOfSources()
  } catch {
    return false
  }
}

export async function build() {
  const hash = hashOfSources()
  rmSync(STAMP, { force: true })
  await runNpmStep('Building', ['run', '--silent', 'build'])
  writeFileSync(STAMP, hash)
}

function hashOfSources() {
  const hash = createHash('sha256')
  for (const source of SOURCES) {
    for (const path of filesOf(join(ROOT, source))) hash.update(path).update('\0').update(readFileSync(path))
  }
  return hash.digest('hex')
}

function filesOf(path) {
  const found = statSync(path, { throwIfNoEntry: false })
  if (found === undefined) return []
  if (!found.isDirectory()) return [path]
  return readdirSync(path)
    .sort()
    .flatMap((name) => filesOf(join(path, name)))
}
