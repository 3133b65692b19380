import { setTimeout as delay } from 'node:timers/promises'
import { createEngine, type Engine } from '../sockets/engine/engine.ts'
import { openCrossing } from '../sockets/crossing/index.ts'
import { FanOut } from '../sockets/fanout.ts'
import { serveSockets } from '../sockets/index.ts'
import { RATES } from '../protocol/limits.ts'
import type { AgentTools } from './agent/run-agent.ts'
import { createAccessTokens } from './auth/admins/access-tokens.ts'
import { createAdminAuth } from './auth/admins/index.ts'
import { createPasswords, type Passwords } from './auth/admins/passwords.ts'
import { createClientDirectory } from './auth/client-directory.ts'
import { CutOffs } from './auth/cut-offs.ts'
import { createIdentities } from './auth/identity/identities.ts'
import { createSecretKeyDirectory } from './auth/secret-key-directory.ts'
import type { Config } from './config/config.ts'
import { openKeeping } from './open-keeping.ts'
import { DEMO_SHOP } from './config/demo-shop.ts'
import { readVersion } from './config/version.ts'
import { createTestChats } from './conversation/test-chats.ts'
import { ANSWER_LIMITS, type AnswerLimits } from './conversation/answer-limits.ts'
import { AnswerWatch } from './conversation/answer-watch.ts'
import { createConversations, type ConversationParts } from './conversation/index.ts'
import { createLeftTurns } from './conversation/left-turns.ts'
import type { TurnLimits } from './conversation/limits.ts'
import { createNotes } from './desk/notes.ts'
import { openDemoBackend, type DemoBackend } from './demo/index.ts'
import { createSigningSecrets } from './demo/signing-secrets.ts'
import { createHandoff } from './handoff/index.ts'
import type { HandoffLimits } from './handoff/limits.ts'
import { createHttpApp } from './http/app.ts'
import { createClientAddress } from './http/client-address.ts'
import type { HttpParts } from './http/http-env.ts'
import { OpenStreams } from './http/streams/open-streams.ts'
import { STREAM_LIMITS, type StreamLimits } from './http/streams/stream-limits.ts'
import { createMemoryCache } from './infra/cache.ts'
import type { Database } from './infra/database.ts'
import type { Logger } from './infra/logger.ts'
import { createMetrics, type Metrics, type WorkerSeat } from './infra/metrics.ts'
import { createOccupancy, createRateLimits, UNLIMITED, type RateLimits } from './infra/rate-limit.ts'
import { createRedisCache } from './infra/redis/cache.ts'
import { createRedisLocks } from './infra/redis/locks.ts'
import { measureRedis } from './infra/redis/measure.ts'
import { createRedisPieces } from './infra/redis/pieces.ts'
import { createRedisRateLimits } from './infra/redis/rate-limits.ts'
import type { Redis } from './infra/redis/redis.ts'
import { createOutbound } from './infra/outbound/index.ts'
import { createSecrets } from './infra/secrets.ts'
import { tellOutages } from './infra/tell-outages.ts'
import { createSchemaCompiler } from './infra/validate.ts'
import { openArchive } from './jobs/archive/open-archive.ts'
import { createLegalHolds } from './jobs/holds.ts'
import { keepHouse } from './jobs/keep-house.ts'
import { createVisitorPrivacy } from './jobs/privacy/visitor-privacy.ts'
import { createImporter } from './knowledge/importer.ts'
import { createSearch } from './knowledge/search.ts'
import { installModels } from './llm/install-models.ts'
import { createModels, type Models } from './llm/models.ts'
import { createPrometheusMeter } from './llm/prometheus-meter.ts'
import type { Provider, SearchKnowledge } from './llm/provider.ts'
import { createTelling } from './telling/index.ts'
import { createCallbacks } from './tools/callbacks/callbacks.ts'
import { createTools } from './tools/index.ts'

/** What an app is made of. Whatever is left out is built as the configuration says. */
export interface AppParts {
  config: Config
  log: Logger
  /** Migrated, with partitions for messages. The caller closes it, after the app. */
  database: Database
  /** What nodes share; none where this one is alone. The caller closes it, after the app. */
  redis?: Redis
  /** Which one this is of several processes on one port. */
  worker?: WorkerSeat
  provider?: Provider
  /** What a turn may call beside our own functions, in the place of what its client uses. */
  tools?: AgentTools
  turnLimits?: Partial<TurnLimits>
  handoffLimits?: Partial<HandoffLimits>
  answerLimits?: Partial<AnswerLimits>
  streamLimits?: Partial<StreamLimits>
  passwords?: Passwords
  /** The clock that limits count by: milliseconds since the epoch. */
  now?: () => number
}

export interface App {
  /** Serves from here on. Rejects with the `code` of node:net where the port cannot be had. */
  listen(): Promise<{ url: string; engine: string }>
  /** Refuses new work, lets running replies end within their limit, sends visitors to another node, lets go. */
  close(): Promise<void>
}

/** Over how long the visitors of a node that goes away leave it, or come back where it is alone. */
const RECONNECT_SPREAD_MS = 3_000

/** Builds every part once and joins them; nothing is built anywhere else. */
export async function createApp(parts: AppParts): Promise<App> {
  const { config, redis, worker } = parts
  const demo = config.seedDemo ? await openDemo(parts) : null
  const ground = layGround(parts, demo)
  const { database, engine, fanout, others, cutOffs, limits } = ground
  let draining = false

  const version = readVersion()
  const metrics = createMetrics({
    ...{ version, engine: engine.kind, ...(worker && { worker }) },
    openSockets: () => sockets.count(),
    openStreams: () => waiting.streams.size,
    awaitedAnswers: () => waiting.answers.size,
    runningTurns: () => heart.runningTurns(),
    isBusy: () => heart.saturation.isBusy,
    turnedAway: () => heart.saturation.turnedAway,
  })
  const models = await openModels(parts, ground.searchKnowledge, metrics)
  const { heart, handoff, callbacks } = openHeart(parts, ground, { models, present: () => sockets.present() })
  if (redis) measureRedis(metrics.registry, redis.presence, () => heart.failedCheckpoints())

  const { conversations, agents } = heart
  const { handoffs } = handoff
  const telling = createTelling({ ...ground, publisher: fanout, rates: limits })
  const shared = { ...ground, conversations, handoffs, telling, draining: () => draining }
  const tokens = createAccessTokens(config.secrets.jwt)
  const sockets = serveSockets({ ...shared, agents, tokens, ...(redis && { nodes: redis }) })
  const { passwords = createPasswords() } = parts
  const archive = openArchive(config.archive, { database, secrets: ground.secrets })
  const admins = createAdminAuth({
    ...{ database, limits, tokens, secret: config.secrets.jwt },
    onRevoked: (id) => {
      cutOffs.cut({ kind: 'family', id })
    },
    passwords,
  })
  const waiting = openWaitingRooms(parts, { database, listeners: fanout })
  for (const holder of [waiting.streams, waiting.answers]) cutOffs.add(holder)
  const http = {
    ...shared,
    ...waiting,
    admins,
    ...openKeeping({ ...ground, passwords }),
    holds: createLegalHolds(database),
    privacy: createVisitorPrivacy({ database, publisher: fanout, cache: ground.cache, archive }),
    notes: createNotes({ database, tell: sockets.tellColleagues }),
    desks: ground.tools.desks,
    testChats: createTestChats(database, conversations),
    callbacks,
    listeners: fanout,
    version,
    metrics,
  }
  const here = { ...(worker && { worker: worker.id }), ...(redis && { redis: redis.presence }) }
  engine.serve(createHttpApp({ ...http, ...here }))
  await heart.start()
  cutOffs.start()
  handoff.start()
  ground.tools.watch.start()
  const house = keepHouse({ database, publisher: fanout, log: ground.log, archive })

  return {
    async listen() {
      const { host } = config.http
      const { port } = await engine.listen(host, config.http.port)
      return { url: `http://${urlHost(host)}:${port}`, engine: engine.kind }
    },
    async close() {
      draining = true
      await Promise.all([heart.stop(), stopListening(engine, config.load.drain.delay)])
      waiting.answers.drain()
      await sendEverybodyAway([sockets, waiting.streams], redis !== undefined)
      await Promise.all([cutOffs.stop(), handoff.stop(), ground.tools.watch.stop(), house.stop()])
      await others?.stop()
      await sockets.close()
      await engine.close()
      await demo?.close()
    },
  }
}

/** What answers for the demo client's business. Each process has one of its own. */
function openDemo({ config, database, log }: AppParts): Promise<DemoBackend> {
  const secrets = createSecrets(config.secrets)
  return openDemoBackend({ secrets: createSigningSecrets({ database, secrets, log }), log })
}

/** What everything stands on, and what stands on nothing but that. */
function layGround(parts: AppParts, demo: DemoBackend | null) {
  const { config, log, redis, worker } = parts
  const database = tellOutages(parts.database, log)
  const fanout = new FanOut()
  const compile = createSchemaCompiler()
  const limits = config.rateLimits ? openLimits(parts) : UNLIMITED
  const secrets = createSecrets(config.secrets)
  const inside = new Map(demo ? [[DEMO_SHOP.hostAndPort, demo.port]] : [])
  const outbound = createOutbound({ ...config.outbound, inside })
  const directory = createClientDirectory(database)
  const cache = redis ? createRedisCache(redis) : createMemoryCache()
  const cutOffs = new CutOffs({ database, log })
  cutOffs.add(directory)
  return {
    ...{ config, log, database, fanout, compile, limits, secrets, directory, cutOffs, cache },
    engine: createEngine({ kind: config.engine, log, sharesPort: worker !== undefined }),
    secretKeys: createSecretKeyDirectory({ database, limits }),
    identities: createIdentities({ database, compile, secrets }),
    clientAddress: createClientAddress(config.http.trustedProxies),
    searchKnowledge: createSearch(database),
    importer: createImporter(database),
    tools: createTools({
      database,
      secrets,
      outbound,
      cache,
      log,
      allow: config.outbound.allow,
      origin: originOf(config),
    }),
    /** Other nodes, as far as they concern who listens here; null where this one is alone. */
    others: redis ? openCrossing({ redis, database, log, fanout }) : null,
  }
}

/** Conversations, and their way to a person and back: each needs the other. */
function openHeart(
  parts: AppParts,
  ground: ReturnType<typeof layGround>,
  { models, present }: { models: Models; present: () => string[] },
) {
  const { database, fanout, others, log } = ground
  const heart = createConversations({
    ...{ database, publisher: fanout, models, log, searchKnowledge: ground.searchKnowledge },
    ...(others && { others: others.crossing }),
    ...{ cache: ground.cache, ...(parts.redis && sharedThrough(parts.redis)) },
    ...(parts.tools ? { tools: parts.tools } : { clientCalls: ground.tools.clientCalls }),
    limits: { ...turnLimitsOf(parts.config.load), ...parts.turnLimits },
    // What is built next; nothing of it is called before `start`.
    handOver: (to, asked) => handoff.handOver(to, asked),
    turnEnded: (ended) => {
      handoff.turnEnded(ended)
    },
  })
  const handoff = createHandoff({
    ...{ database, publisher: fanout, rates: ground.limits, present, log },
    ...{ directory: ground.directory, compile: ground.compile },
    tellHere: (to, state) => {
      fanout.deliver(to, 'handoff:changed', state)
    },
    ...(parts.handoffLimits && { limits: parts.handoffLimits }),
  })
  others?.crossing.answerWith(heart.asked)
  const callbacks = createCallbacks({ ...ground, keep: heart.results.receive })
  return { heart, handoff, callbacks }
}

function turnLimitsOf({ busy, drain }: Config['load']): Partial<TurnLimits> {
  return { atOnce: busy.turns, loopDelay: busy.loopDelay, drain: drain.limit }
}

/** For `ms` who looks after us can still be told that we go away, and sends nobody any more. */
async function stopListening(engine: Engine, ms: number): Promise<void> {
  await delay(ms)
  engine.stopListening()
}

/** Where there are other nodes, whoever is here is served until the moment at which one of them is to take over. */
async function sendEverybodyAway(
  holders: { sendAway: (ms: number) => unknown; sendElsewhere: (ms: number) => Promise<void> }[],
  hasOthers: boolean,
): Promise<void> {
  await Promise.all(
    holders.map((one) =>
      hasOthers ? one.sendElsewhere(RECONNECT_SPREAD_MS) : one.sendAway(RECONNECT_SPREAD_MS),
    ),
  )
}

/** What the heart keeps outside of Postgres, where all nodes find it. */
function sharedThrough(
  redis: Redis,
): Required<Pick<ConversationParts, 'cache' | 'locks' | 'pieces' | 'leftTurns'>> {
  return {
    cache: createRedisCache(redis),
    locks: createRedisLocks(redis),
    pieces: createRedisPieces(redis),
    leftTurns: createLeftTurns(redis),
  }
}

/** Limits that all nodes count together, where they share a Redis. */
function openLimits({ redis, now }: AppParts): RateLimits {
  const alone = createRateLimits(now)
  return redis ? createRedisRateLimits(redis, alone, now) : alone
}

function openModels(
  { config, log, provider }: AppParts,
  searchKnowledge: SearchKnowledge,
  { registry }: Metrics,
): Promise<Models> | Models {
  const meter = createPrometheusMeter(registry)
  if (provider) return createModels(provider, { log, meter })
  return installModels(config.llm, { searchKnowledge, log, meter })
}

/** Where HTTP requests wait: for an answer, or for whatever happens. */
function openWaitingRooms(
  { config, log, answerLimits: changed, streamLimits }: AppParts,
  { database, listeners }: Pick<HttpParts, 'listeners'> & { database: Database },
): Pick<HttpParts, 'answers' | 'answerLimits' | 'streams'> {
  const answerLimits = { ...ANSWER_LIMITS, ...changed }
  const answers = new AnswerWatch({ database, listeners, limits: answerLimits, log })
  const occupancy = config.rateLimits ? createOccupancy(RATES.addressStreams) : null
  const limits = { ...STREAM_LIMITS, ...streamLimits }
  return { answers, answerLimits, streams: new OpenStreams({ limits, occupancy }) }
}

/** How workflows reach us: as visitors do, or else from this machine alone. */
function originOf({ http: { publicUrl, port } }: Config): string {
  return publicUrl ?? `http://localhost:${port}`
}

/** How a host is written in an address that can be opened: every address means this machine. */
function urlHost(host: string): string {
  if (host === '0.0.0.0' || host === '::') return 'localhost'
  return host.includes(':') ? `[${host}]` : host
}
