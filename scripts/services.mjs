import { spawn } from 'node:child_process'
import { accessSync, constants, existsSync, readdirSync, readFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { startPostgres } from './postgres.mjs'
import { say } from './run-step.mjs'

const CHROMIUM_NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']
const POSTGRES_FOLDERS = '/usr/lib/postgresql'

/** How long apt-get may take, a slow mirror asked again included, in milliseconds. */
const APT_MS = 300_000
/** Seconds: another apt-get may be at work, and a mirror may be silent. */
const PATIENT = ['DPkg::Lock::Timeout=120', 'Acquire::Retries=3', 'Acquire::http::Timeout=30']

/**
 * What suites may need. `find` gives the service when it is there, `packages` what Debian and Ubuntu call it,
 * `wants` how a person can provide it. A test file that cannot do without one is named `*.<service>.test.ts`.
 */
export const SERVICES = {
  postgres: {
    wants: 'Postgres (TEST_DATABASE_URL, or initdb on PATH or in PG_BIN)',
    packages: { debian: ['postgresql'], ubuntu: ['postgresql'] },
    find: findPostgres,
  },
  redis: {
    wants: 'Redis (REDIS_SERVER, or redis-server on PATH)',
    packages: { debian: ['redis-server'], ubuntu: ['redis-server'] },
    find: findRedis,
  },
  chromium: {
    wants: 'Chromium (CHROMIUM_PATH, or chromium on PATH)',
    // Ubuntu's package of this name only fetches a snap, which containers cannot run.
    packages: { debian: ['chromium'], ubuntu: [] },
    find: findChromium,
  },
}

/**
 * Finds every service, installs those that are missing where that can be done, and starts Postgres.
 *
 * @returns {Promise<{ env: Record<string, string>, missing: string[], stop: () => Promise<void> }>} what tests are
 * told, which services there are not, and the end of those that were started
 */
export async function startServices() {
  await installServices()
  const missing = missingServices()
  const env = {}
  const chromium = findChromium()
  if (chromium !== null) env.CHROMIUM_PATH = chromium
  const redis = findRedis()
  if (redis !== null) env.REDIS_SERVER = redis

  let stop = async () => {}
  const postgres = findPostgres()
  if (postgres?.url !== undefined) env.TEST_DATABASE_URL = postgres.url
  if (postgres?.bin !== undefined) {
    const server = await startPostgres(postgres.bin)
    env.TEST_DATABASE_URL = server.url
    stop = server.stop
  }
  return { env, missing, stop }
}

/** A server that is running already, or the folder of the programs with which to make one. */
function findPostgres() {
  const { TEST_DATABASE_URL: url } = process.env
  if (url) return { url }
  const bin = findPostgresPrograms()
  return bin === null ? null : { bin }
}

/** The folder of initdb and postgres, or null. */
export function findPostgresPrograms() {
  const { PG_BIN } = process.env
  const versions = existsSync(POSTGRES_FOLDERS)
    ? readdirSync(POSTGRES_FOLDERS).sort((a, b) => Number(b) - Number(a))
    : []
  const folders = [
    ...(PG_BIN ? [PG_BIN] : []),
    ...pathFolders(),
    ...versions.map((version) => join(POSTGRES_FOLDERS, version, 'bin')),
  ]
  const hasBoth = (folder) => isProgram(join(folder, 'initdb')) && isProgram(join(folder, 'postgres'))
  return folders.find(hasBoth) ?? null
}

/** The program; suites start their own servers with it. */
function findRedis() {
  const { REDIS_SERVER } = process.env
  if (REDIS_SERVER) return REDIS_SERVER
  const paths = pathFolders().flatMap((folder) =>
    ['redis-server', 'valkey-server'].map((name) => join(folder, name)),
  )
  return paths.find(isProgram) ?? null
}

function findChromium() {
  const { CHROMIUM_PATH } = process.env
  if (CHROMIUM_PATH) return CHROMIUM_PATH
  const paths = pathFolders().flatMap((folder) => CHROMIUM_NAMES.map((name) => join(folder, name)))
  return paths.find(isProgram) ?? null
}

function missingServices() {
  return Object.keys(SERVICES).filter((name) => SERVICES[name].find() === null)
}

/**
 * Installs services that are missing, as root on Debian or Ubuntu, where nobody is surprised by it more than by a suite that
 * did not run.
 */
export async function installServices() {
  const system = systemName()
  const packages = missingServices().flatMap((name) => SERVICES[name].packages[system] ?? [])
  if (packages.length === 0 || process.getuid?.() !== 0) return
  say(`Installing with apt-get what the suites need: ${packages.join(', ')} ...`)
  // The lists may be old, or absent; where they cannot be had now, those that are there may do.
  await aptGet(['update', '-qq'])
  const isDone = await aptGet(['install', '-qq', '-y', '--no-install-recommends', ...packages])
  say(isDone ? 'The suites have what they need.' : 'apt-get failed; going on without.')
}

function aptGet(parameters) {
  const child = spawn('apt-get', [...PATIENT.flatMap((option) => ['-o', option]), ...parameters], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    timeout: APT_MS,
  })
  return new Promise((resolve) => {
    child.once('error', () => resolve(false))
    child.once('exit', (code) => resolve(code === 0))
  })
}

/** The ID of os-release(5): debian, ubuntu, ...; empty elsewhere. */
function systemName() {
  try {
    return /^ID="?([a-z]+)/m.exec(readFileSync('/etc/os-release', 'utf8'))?.[1] ?? ''
  } catch {
    return ''
  }
}

function pathFolders() {
  return (process.env.PATH ?? '').split(delimiter).filter((folder) => folder !== '')
}

function isProgram(path) {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
