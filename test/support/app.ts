import { createApp } from '../../server/app.ts'
import type { Config } from '../../server/config/config.ts'
import { readConfig } from '../../server/config/config.ts'
import type { Passwords } from '../../server/auth/admins/passwords.ts'
import type { AnswerLimits } from '../../server/conversation/answer-limits.ts'
import type { TurnLimits } from '../../server/conversation/limits.ts'
import type { HandoffLimits } from '../../server/handoff/limits.ts'
import type { StreamLimits } from '../../server/http/streams/stream-limits.ts'
import type { Redis } from '../../server/infra/redis/redis.ts'
import type { Statement } from '../../server/infra/database.ts'
import type { Logger } from '../../server/infra/logger.ts'
import type { Provider } from '../../server/llm/provider.ts'
import { seedDemo } from '../../server/seed.ts'
import { openTestDatabase, silentLog, type TestDatabase } from './databases.ts'
import { NO_OLLAMA } from './no-ollama.ts'
import { SHARED_SECRETS } from './shared-secrets.ts'

export interface TestApp {
  url: string
  engine: string
  place: TestDatabase
  /** Stops the server as SIGTERM would; its database stays. */
  stop(): Promise<void>
  close(): Promise<void>
}

export interface TestAppSettings {
  /** The model; the offline provider where none is given. */
  provider?: Provider
  /** What it shares with other nodes. The test closes it, after the app. */
  redis?: Redis
  turnLimits?: Partial<TurnLimits>
  handoffLimits?: Partial<HandoffLimits>
  answerLimits?: Partial<AnswerLimits>
  streamLimits?: Partial<StreamLimits>
  /** Passwords that cost as much as in earnest, where none are given. */
  passwords?: Passwords
  env?: Record<string, string>
  /** Its database, which it closes; one of its own where none is given. */
  place?: TestDatabase
  /** Where the server logs; nowhere by default. */
  log?: Logger
  /** The clock that limits count by. */
  now?: () => number
}

/** The engine that this run of the suite is about. */
export function engineUnderTest(): 'uws' | 'node' {
  return process.env['TEST_ENGINE'] === 'node' ? 'node' : 'uws'
}

/** A test's own model is asked each time, also where several visitors begin with the same words. */
const KEEP_NO_ANSWERS: Statement = {
  name: 'test/keep-no-answers',
  text: `UPDATE clients SET settings = jsonb_set(settings, '{ai}', coalesce(settings->'ai', '{}') || '{"cache": false}')`,
}

/** A whole server on port 0 with a database of its own and the demo shop in it; limits on rates are off. */
export async function startApp(settings: TestAppSettings = {}): Promise<TestApp> {
  const place = settings.place ?? (await openTestDatabase())
  const { provider, redis, turnLimits, handoffLimits, answerLimits, streamLimits, now } = settings
  const app = await createApp({
    config: testConfig(settings.env),
    log: settings.log ?? silentLog,
    database: place.database,
    ...(provider && { provider }),
    ...(redis && { redis }),
    ...(now && { now }),
    ...(handoffLimits && { handoffLimits }),
    ...(answerLimits && { answerLimits }),
    ...(streamLimits && { streamLimits }),
    ...(settings.passwords && { passwords: settings.passwords }),
    turnLimits: { drain: 200, ...turnLimits },
  })
  await seedDemo(place.database)
  if (provider) await place.database.run(KEEP_NO_ANSWERS, [])
  const { url, engine } = await app.listen()
  let stopped: Promise<void> | null = null
  const stop = () => (stopped ??= app.close())
  return {
    url,
    engine,
    place,
    stop,
    async close() {
      await stop()
      await place.close()
    },
  }
}

export function testConfig(env: Record<string, string> = {}): Config {
  return readConfig({
    PORT: '0',
    SOCKET_ENGINE: engineUnderTest(),
    RATE_LIMITS: 'off',
    LOG_LEVEL: 'silent',
    // The loop of a test is also its clients' and its models'.
    MAX_LOOP_DELAY_MS: '0',
    SEED_DEMO: 'true',
    OLLAMA_HOST: NO_OLLAMA,
    ...SHARED_SECRETS,
    ...env,
  })
}
