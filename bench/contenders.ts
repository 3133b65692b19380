import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { DialectName } from './load/dialects.ts'
import { ownProgram, startProcess, type BenchProcess, type Place } from './processes/start-process.ts'
import { secrets, type Surroundings } from './surroundings.ts'

/** Where a contender finds what it needs. */
export interface Stage {
  surroundings: Surroundings
  /** The stand-in for Anthropic. */
  providerUrl: string
  place: Place
  /** Further options for Node, such as those that make a profile. */
  nodeOptions: readonly string[]
}

/** A contender that serves. */
export interface Serving {
  url: string
  pid: number
  end(): Promise<void>
}

/** Somebody who serves visitors, each in one process. */
export interface Contender {
  title: string
  dialect: DialectName
  start(stage: Stage): Promise<Serving>
}

export type ContenderName = 'parlor' | 'parlor-alone' | 'usual' | 'bare-ws' | 'bare-uws' | 'limit'

/** What Parlor is started from, as it is shipped. */
const BUILT = ['dist/server/main.js'] as const

/** @param parlor what else Parlor is started from, where there is no build: what Node is given before its command */
export function contendersOf(parlor: readonly string[] = BUILT): Readonly<Record<ContenderName, Contender>> {
  return {
    parlor: {
      title: 'Parlor, with Postgres and Redis',
      dialect: 'parlor',
      start: (stage) => startParlor(parlor, stage, 'together'),
    },
    'parlor-alone': {
      title: 'Parlor alone, on embedded Postgres',
      dialect: 'parlor',
      start: (stage) => startParlor(parlor, stage, 'alone'),
    },
    usual: {
      title: 'the usual way: Socket.IO on ws, SDK iterator, Redis adapter, Sequelize',
      dialect: 'usual',
      start: startUsual,
    },
    'bare-ws': bare('ws', 'Socket.IO on ws, nothing else'),
    'bare-uws': bare('uws', 'Socket.IO on uWebSockets.js, nothing else'),
    limit: {
      title: 'the limit: undici.dispatch, JSON.parse, raw uWebSockets.js',
      dialect: 'raw',
      start: ({ providerUrl, ...stage }) => startPeer('limit', { ANTHROPIC_BASE_URL: providerUrl }, stage),
    },
  }
}

function bare(engine: 'ws' | 'uws', title: string): Contender {
  return {
    title,
    dialect: 'usual',
    start: ({ providerUrl, ...stage }) =>
      startPeer('bare', { ANTHROPIC_BASE_URL: providerUrl }, stage, ['--engine', engine]),
  }
}

/** Everything on as an operator has it, but for the limits of what one visitor may do. */
async function startParlor(
  parlor: readonly string[],
  { surroundings, providerUrl, place, nodeOptions }: Stage,
  how: 'together' | 'alone',
): Promise<Serving> {
  const dataDir = mkdtempSync(join(tmpdir(), 'parlor-bench-'))
  const services: Record<string, string> =
    how === 'alone'
      ? {}
      : { DATABASE_URL: await surroundings.database(), REDIS_URL: surroundings.redisUrl, ...secrets() }
  const process = startProcess({
    parameters: [...nodeOptions, ...parlor, 'start'],
    env: {
      ...{ PORT: '0', DATA_DIR: dataDir, SEED_DEMO: 'true', SOCKET_ENGINE: 'uws', ...services },
      ...{ LLM_PROVIDER: 'claude', ANTHROPIC_API_KEY: 'sk-bench', ANTHROPIC_BASE_URL: providerUrl },
      ...{ LLM_FALLBACKS: 'none', RATE_LIMITS: 'off', LOG_LEVEL: 'info' },
    },
    place,
  })
  const [, url = ''] = await process.says(/(http:\/\/[^/"]+)(?=\/healthz|","engine)/)
  const end = async () => {
    await process.end()
    rmSync(dataDir, { recursive: true, force: true })
  }
  return { url, pid: process.pid, end }
}

async function startUsual({ surroundings, providerUrl, ...stage }: Stage): Promise<Serving> {
  const env = {
    ANTHROPIC_BASE_URL: providerUrl,
    DATABASE_URL: await surroundings.database(),
    REDIS_URL: surroundings.redisUrl,
  }
  return startPeer('usual', env, stage)
}

async function startPeer(
  name: string,
  env: Record<string, string>,
  { place, nodeOptions }: Pick<Stage, 'place' | 'nodeOptions'>,
  parameters: readonly string[] = [],
): Promise<Serving> {
  const process: BenchProcess = startProcess({
    parameters: [...nodeOptions, ...ownProgram(`peers/${name}.ts`), ...parameters],
    env,
    place,
  })
  const [, url = ''] = await process.says(/Listening on (\S+)/)
  return { url, pid: process.pid, end: () => process.end() }
}
