import { createHash } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT, runNpmStep, say } from './run-step.mjs'

/** Written last: an interrupted installation leaves a node_modules behind, but no stamp. */
const STAMP = join(ROOT, 'node_modules', '.parlor-installed')

/** True when node_modules is what the lockfile says. */
export function isInstalled() {
  if (read(STAMP) === stampNow()) return true
  if (!matchesLockfile()) return false
  writeFileSync(STAMP, stampNow())
  return true
}

/** Installs exactly what the lockfile says, build tools included, also under NODE_ENV=production. */
export async function install() {
  say('One of the packages, uWebSockets.js, is about 100 MB to download: this can take some minutes.')
  await runNpmStep('Installing the packages', [
    'ci',
    '--include=dev',
    '--no-audit',
    '--no-fund',
    '--loglevel=error',
  ])
  writeFileSync(STAMP, stampNow())
}

/** Another platform or another Node needs other binaries. */
function stampNow() {
  const { platform, arch, versions } = process
  const lockfile = read(join(ROOT, 'package-lock.json'))
  return createHash('sha256').update(`${platform} ${arch} ${versions.modules} ${lockfile}`).digest('hex')
}

/** npm's own note of what it installed: also right where a person ran `npm install`. */
function matchesLockfile() {
  const installed = packagesOf(join(ROOT, 'node_modules', '.package-lock.json'))
  const wanted = packagesOf(join(ROOT, 'package-lock.json'))
  if (installed === null || wanted === null) return false
  return Object.entries(wanted).every(([path, { version, optional, devOptional }]) => {
    const isNeeded = path !== '' && !optional && !devOptional
    return !isNeeded || installed[path]?.version === version
  })
}

/** @returns {Record<string, { version?: string, optional?: boolean, devOptional?: boolean }> | null} */
function packagesOf(path) {
  const text = read(path)
  return text === null ? null : JSON.parse(text).packages
}

function read(path) {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return null
  }
}
