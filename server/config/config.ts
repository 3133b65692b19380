import { BlockList, isIP } from 'node:net'
import { join, resolve } from 'node:path'
import { readRedisUrl } from '../infra/redis/address.ts'
import { readArchive, type ArchiveConfig } from './archive.ts'
import { DEMO_SHOP } from './demo-shop.ts'
import type { Env } from './env.ts'
import { ConfigError } from './fault.ts'
import { readFirstOwner, type FirstOwner } from './first-owner.ts'
import { readLoad, type LoadConfig } from './load.ts'
import { readLlm, type LlmConfig } from './llm.ts'
import { readOutbound, type OutboundConfig } from './outbound.ts'
import { projectRoot } from './project-root.ts'
import { completeSecrets, makeSecret, readSecrets, type KeepSecret, type SecretsConfig } from './secrets.ts'
import { Variables } from './variables.ts'
import { engineFor, readWorkers } from './workers.ts'

const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const

/** Everything that an operator decides, checked. Made once, at start; nothing else reads the environment. */
export interface Config {
  http: {
    host: string
    /** 0 means any free port. */
    port: number
    /** The origin under which browsers reach us, without a slash at its end; null: whatever Host says. */
    publicUrl: string | null
    /** Addresses and CIDR ranges whose X-Forwarded-For is believed. */
    trustedProxies: string[]
  }
  data: { dir: string }
  /** `url` null: embedded Postgres in the data folder. `pool` is connections per process, for a `url`. */
  database: { url: string | null; pool: number }
  /** Shared by all nodes; `url` null: this node is the only one. */
  redis: { url: string | null }
  /** Processes that serve on one port. */
  workers: number
  engine: 'auto' | 'uws' | 'node'
  load: LoadConfig
  llm: LlmConfig
  outbound: OutboundConfig
  /** Null: what is removed is kept nowhere. */
  archive: ArchiveConfig | null
  secrets: SecretsConfig
  /** Made where nobody can sign in yet; null: nobody, or somebody with a random password in embedded mode. */
  firstOwner: FirstOwner | null
  seedDemo: boolean
  rateLimits: boolean
  log: { level: (typeof LOG_LEVELS)[number]; pretty: boolean }
  /** Where the built widget lies: absolute, the same from source and from `dist/`. */
  publicDir: string
}

/**
 * Turns variables into a `Config`. Throws `ConfigError` with every fault. Secrets that an embedded database's owner did
 * not give come from `keep`; without it they are new each time, and nothing may be kept that needs them later.
 */
export function readConfig(env: Env, keep: KeepSecret = makeSecret): Config {
  const variables = new Variables(env)
  const root = projectRoot()
  const url = readDatabaseUrl(variables)
  const redis = readRedis(variables)
  const workers = readWorkers(variables, { database: url, redis })
  const engine = variables.oneOf('SOCKET_ENGINE', 'auto', ['auto', 'uws', 'node'])
  const secrets = readSecrets(variables, { embedded: url === null })
  const seedDemo = variables.oneOf('SEED_DEMO', url === null ? 'true' : 'false', ['true', 'false']) === 'true'
  const config: Omit<Config, 'secrets'> = {
    http: readHttp(variables),
    data: { dir: variables.take('DATA_DIR', join(root, 'data'), 'a path', (path) => resolve(path)) },
    database: { url, pool: variables.wholeNumber('DATABASE_POOL', 10, 1, 500) },
    redis: { url: redis },
    workers,
    load: readLoad(variables, redis !== null),
    engine: engineFor(variables, { engine, workers }),
    llm: readLlm(variables),
    outbound: readOutbound(variables, seedDemo ? [DEMO_SHOP.hostAndPort] : []),
    archive: readArchive(variables),
    firstOwner: readFirstOwner(variables),
    seedDemo,
    rateLimits: variables.oneOf('RATE_LIMITS', 'on', ['on', 'off']) === 'on',
    log: { level: variables.oneOf('LOG_LEVEL', 'info', LOG_LEVELS), pretty: process.stdout.isTTY },
    publicDir: join(root, 'dist', 'public'),
  }
  if (variables.faults.length > 0) throw new ConfigError(variables.faults)
  return { ...config, secrets: completeSecrets(secrets, config.data.dir, keep) }
}

function readHttp(variables: Variables): Config['http'] {
  return {
    host: variables.take('HOST', '127.0.0.1', 'an address or a host name', (host) =>
      isIP(host) || /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/i.test(host) ? host : null,
    ),
    port: variables.wholeNumber('PORT', 3000, 0, 65_535),
    publicUrl: variables.take('PUBLIC_URL', null, 'an origin such as https://chat.example.com', readOrigin),
    trustedProxies: variables.take(
      'TRUSTED_PROXIES',
      [],
      'addresses or CIDR ranges with commas between them, such as 10.0.0.0/8, ::1',
      readAddresses,
    ),
  }
}

/** An http or https URL of nothing but an origin. */
function readOrigin(value: string): string | null {
  if (!URL.canParse(value)) return null
  const url = new URL(value)
  if (url.protocol !== 'http:' && url.protocol !== 'https:') return null
  return url.href === `${url.origin}/` ? url.origin : null
}

function readAddresses(value: string): string[] | null {
  const addresses = value.split(',').map((part) => part.trim())
  return addresses.every(isAddressOrRange) ? addresses : null
}

function isAddressOrRange(value: string): boolean {
  const [address = '', prefix, ...rest] = value.split('/')
  if (isIP(address) === 0 || rest.length > 0) return false
  if (prefix === undefined) return true
  if (!/^\d{1,3}$/.test(prefix)) return false
  try {
    new BlockList().addSubnet(address, Number(prefix), isIP(address) === 4 ? 'ipv4' : 'ipv6')
    return true
  } catch {
    return false
  }
}

function readDatabaseUrl(variables: Variables): string | null {
  const expected = 'a URL such as postgres://user:password@host:5432/database'
  return variables.take('DATABASE_URL', null, expected, readPostgresUrl, 'secret')
}

function readRedis(variables: Variables): string | null {
  const expected =
    'a URL such as redis://:password@host:6379/0 (rediss, redis+sentinel and redis+cluster too)'
  return variables.take('REDIS_URL', null, expected, (url) => (readRedisUrl(url) ? url : null), 'secret')
}

function readPostgresUrl(value: string): string | null {
  if (!URL.canParse(value)) return null
  const { protocol, pathname } = new URL(value)
  const isPostgres = protocol === 'postgres:' || protocol === 'postgresql:'
  return isPostgres && pathname.length > 1 ? value : null
}
