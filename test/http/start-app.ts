import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { succeed } from '../../protocol/result.ts'
import { createClientDirectory } from '../../server/auth/client-directory.ts'
import { createSecretKeyDirectory } from '../../server/auth/secret-key-directory.ts'
import { ANSWER_LIMITS } from '../../server/conversation/answer-limits.ts'
import { AnswerWatch } from '../../server/conversation/answer-watch.ts'
import { createHttpApp } from '../../server/http/app.ts'
import { createClientAddress } from '../../server/http/client-address.ts'
import type { HttpParts } from '../../server/http/http-env.ts'
import { OpenStreams } from '../../server/http/streams/open-streams.ts'
import { STREAM_LIMITS } from '../../server/http/streams/stream-limits.ts'
import { createMetrics } from '../../server/infra/metrics.ts'
import { createRateLimits } from '../../server/infra/rate-limit.ts'
import { createImporter } from '../../server/knowledge/importer.ts'
import { createSchemaCompiler } from '../../server/infra/validate.ts'
import { pino } from 'pino'
import { FanOut } from '../../sockets/fanout.ts'
import { openTestDatabase, silentLog, type TestDatabase } from '../support/databases.ts'
import { startEngine, type Running } from '../sockets/engine-under-test.ts'

export interface AppUnderTest {
  port: number
  held: TestDatabase
  publicDir: string
  /** Lines logged so far. */
  lines: Record<string, unknown>[]
  parts: HttpParts
  running: Running
  close(): Promise<void>
}

/** What a build leaves in the public folder, as far as the server looks at it. */
const BUILD: Record<string, string> = {
  'widget.js': `/* loader */${'x'.repeat(5_000)}`,
  'widget.d.ts': 'export interface ParlorApi {}',
  'assets/main-abc123.js': 'export {}',
  'assets/main-abc123.css': 'body{}',
  'assets/shared-def456.js': 'export {}',
  'assets/.hidden': 'hidden',
  'docs/scalar.js': 'void 0',
  'secret.txt': 'not public by any route',
  'demo/index.html': '<!doctype html><title>Demo</title>',
  'demo/shop/shoes.html': '<!doctype html><title>Shoes</title>',
  'manifest.json': JSON.stringify({
    'widget/frame/main.ts': {
      file: 'assets/main-abc123.js',
      css: ['assets/main-abc123.css'],
      imports: ['_shared.js'],
      isEntry: true,
    },
    '_shared.js': { file: 'assets/shared-def456.js', imports: ['widget/frame/main.ts'] },
  }),
}

/** The HTTP application on the engine under test, with a database of its own; parts of it may be replaced. */
export async function startApp(
  replaced: (parts: HttpParts) => Partial<HttpParts> = () => ({}),
): Promise<AppUnderTest> {
  const held = await openTestDatabase()
  const publicDir = await mkdtemp(join(tmpdir(), 'parlor-public-'))
  for (const [name, text] of Object.entries(BUILD)) {
    await mkdir(dirname(join(publicDir, name)), { recursive: true })
    await writeFile(join(publicDir, name), text)
  }
  const lines: Record<string, unknown>[] = []
  const listeners = new FanOut()
  const directory = createClientDirectory(held.database)
  const parts: HttpParts = {
    config: { http: { publicUrl: null }, publicDir },
    log: pino(
      { level: 'debug' },
      { write: (line) => lines.push(JSON.parse(line) as Record<string, unknown>) },
    ),
    database: held.database,
    directory,
    conversations: {
      history: () => Promise.resolve({ messages: [], has_more: false }),
      end: () => Promise.resolve(succeed({ conversation: null })),
      ...{ receive: unasked, snapshot: unasked, runningReply: unasked, stop: unasked, answer: unasked },
      turnAway: () => Promise.resolve(null),
      ...{ setTyping: unasked, start: unasked, hearElsewhere: unasked },
    },
    testChats: {
      ...{ list: unasked, create: unasked, receive: unasked, stop: unasked, answer: unasked },
      ...{ restart: unasked, modelCalls: unasked },
    },
    handoffs: { request: unasked, withdraw: unasked, team: unasked },
    telling: {
      ...{ submitContact: unasked, submitRating: unasked, setAttributes: unasked, contactGiven: unasked },
    },
    accounts: { change: unasked, setPassword: unasked, signIns: unasked },
    admins: { signIn: unasked, refresh: unasked, signOut: unasked, find: () => Promise.resolve(null) },
    cannedReplies: { list: unasked, create: unasked, change: unasked, remove: unasked },
    holds: { list: unasked, hold: unasked, release: unasked },
    privacy: { export: unasked, erase: unasked },
    notes: { list: unasked, write: unasked, change: unasked, remove: unasked },
    clients: { create: unasked, change: unasked, setActive: unasked, rotateKey: unasked },
    settings: {
      ai: { list: unasked, read: unasked, change: unasked, changeBusiness: unasked },
      widgets: { read: unasked, change: unasked, preview: unasked },
      identity: { read: unasked, issue: unasked, require: unasked },
      terms: { read: unasked, setPlan: unasked, setMessagesDays: unasked },
    },
    keys: { create: unasked, list: unasked, rotate: unasked, revoke: unasked },
    people: {
      ...{ create: unasked, list: unasked, change: unasked, disable: unasked, enable: unasked },
      ...{ setPassword: unasked, unlock: unasked, signOut: unasked },
    },
    desks: {
      tools: {
        catalogue: {
          ...{ list: unasked, find: unasked, add: unasked, save: unasked, change: unasked, remove: unasked },
        },
        clientTools: {
          ...{ list: unasked, find: unasked, set: unasked, change: unasked, remove: unasked },
          issueSecret: unasked,
        },
        trials: { run: unasked, list: unasked },
      },
      integrations: {
        integrations: {
          ...{ list: unasked, find: unasked, functionsOf: unasked, create: unasked, change: unasked },
          ...{ enter: unasked, remove: unasked },
        },
        endpoints: { save: unasked, remove: unasked },
        trials: { test: unasked, ask: unasked, recent: unasked },
        kinds: new Map(),
      },
      mcp: {
        servers: {
          ...{ list: unasked, find: unasked, add: unasked, set: unasked, setCredential: unasked },
          remove: unasked,
        },
        tools: { approve: unasked, set: unasked },
        ...{ test: unasked, look: unasked },
      },
    },
    identities: { verify: unasked, identify: unasked },
    listeners,
    answers: new AnswerWatch({ database: held.database, listeners, limits: ANSWER_LIMITS, log: silentLog }),
    answerLimits: ANSWER_LIMITS,
    streams: new OpenStreams({ limits: STREAM_LIMITS, occupancy: null }),
    importer: createImporter(held.database),
    callbacks: { receive: unasked },
    secretKeys: createSecretKeyDirectory({ database: held.database, limits: createRateLimits() }),
    limits: createRateLimits(),
    clientAddress: createClientAddress(['127.0.0.1']),
    compile: createSchemaCompiler(),
    engine: { kind: 'uws' },
    version: '1.2.3',
    metrics: createMetrics({
      ...{ version: '1.2.3', engine: 'uws' },
      ...{ openSockets: () => 3, openStreams: () => 2, awaitedAnswers: () => 4, runningTurns: () => 1 },
      ...{ isBusy: () => false, turnedAway: () => 0 },
    }),
    draining: () => false,
  }
  Object.assign(parts, replaced(parts))
  const running = await startEngine({ fetch: createHttpApp(parts) })
  return {
    port: running.port,
    held,
    publicDir,
    lines,
    parts,
    running,
    close: async () => {
      await running.close()
      await held.close()
      await rm(publicDir, { recursive: true })
    },
  }
}

/** What the tests of this application by itself do not ask: they have no heart. */
function unasked(): never {
  throw new Error('there is no heart here')
}
