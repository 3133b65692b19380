import type { Config } from '../config/config.ts'
import { createLogger } from '../infra/logger.ts'
import { infoField } from '../infra/redis/fitness.ts'
import { openRedis, type Redis } from '../infra/redis/redis.ts'
import { StartError } from '../infra/start-error.ts'
import { findingsOf, type Finding } from './finding.ts'

const { ok, warning, problem } = findingsOf('Redis')

/** How often it is asked for a sign of life, and milliseconds that the middle one of the answers may take. */
const PINGS = 9
const SLOW_MS = 10

/** Whether the Redis that nodes share can be used, how fast it is, and what it does when it is full. */
export async function* examineRedis({
  redis,
  database,
}: Pick<Config, 'redis' | 'database'>): AsyncGenerator<Finding> {
  if (redis.url === null) {
    if (database.url !== null)
      yield ok('There is none, so that this node must be the only one on its database.')
    return
  }
  try {
    const opened = await openRedis(redis.url, createLogger({ level: 'silent', pretty: false }))
    try {
      yield* examineOpened(opened)
    } finally {
      opened.close()
    }
  } catch (error) {
    if (!(error instanceof StartError)) throw error
    yield problem(error.message)
  }
}

async function* examineOpened({ commands }: Redis): AsyncGenerator<Finding> {
  const times: number[] = []
  for (let ping = 0; ping < PINGS; ping++) {
    const asked = performance.now()
    await commands.ping()
    times.push(performance.now() - asked)
  }
  const middle = times.sort((a, b) => a - b)[Math.floor(PINGS / 2)] ?? 0
  const version = infoField(await commands.info('server'), 'redis_version')
  yield ok(`Redis ${version} answers in ${middle.toFixed(1)} ms.`)
  if (middle > SLOW_MS)
    yield warning('That is slow: what nodes tell each other takes as long. Put it nearer.')
  yield* examineMemory(await commands.info('memory'))
}

/** All that is kept lapses and may be lost. What is refused for want of room is neither counted nor locked. */
function* examineMemory(info: string): Generator<Finding> {
  const limit = Number(infoField(info, 'maxmemory'))
  if (limit > 0 && infoField(info, 'maxmemory_policy') === 'noeviction') {
    const what = `It takes nothing new once it has ${Math.round(limit / 2 ** 20)} MB (maxmemory-policy noeviction).`
    yield warning(`${what} Set allkeys-lru, since all that is kept there may be lost.`)
  }
}
