import { readFileSync } from 'node:fs'
import type { ConnectionOptions } from 'node:tls'
import type { Cluster, CommonRedisOptions, Redis as Client } from 'ioredis'
import { StartError } from '../start-error.ts'
import type { RedisAddress } from './address.ts'
import { tlsConnectors } from './tls-connectors.ts'

/** Times in milliseconds. */
export interface RedisLimits {
  /** Until a connection stands. */
  connect: number
  /** Until a command is answered; one that is late has failed, whatever Redis makes of it. */
  command: number
  /** Between two tries to come back: doubled from the shortest to the longest. */
  retry: { shortest: number; longest: number }
}

export const REDIS_LIMITS: Readonly<RedisLimits> = {
  connect: 5_000,
  command: 2_000,
  retry: { shortest: 50, longest: 2_000 },
}

type Connection = Client | Cluster

/**
 * A connection for commands and one that only hears what others publish, both still to be connected. Nothing is
 * queued while Redis is away, and nothing is sent again when it is back: whoever asked is told, and knows better.
 */
export async function connect(
  address: RedisAddress,
  limits: RedisLimits,
): Promise<{ commands: Connection; subscriber: Connection }> {
  const library = await import('ioredis')
  const { direct, sentinel } = tlsConnectors(library)
  const connector = address.tls ? { Connector: address.kind === 'sentinel' ? sentinel : direct } : {}
  const make = (name: 'commands' | 'subscriber'): Connection =>
    address.kind === 'cluster'
      ? new library.Cluster(address.hosts, {
          redisOptions: { ...optionsOf(address, limits, name), ...connector },
          lazyConnect: true,
          enableOfflineQueue: false,
          enableAutoPipelining: name === 'commands',
          clusterRetryStrategy: retryAfter(limits),
          slotsRefreshTimeout: limits.command,
          shardedSubscribers: name === 'subscriber',
        })
      : new library.Redis({
          ...placeOf(address, limits),
          ...optionsOf(address, limits, name),
          ...connector,
          db: address.database,
          enableOfflineQueue: false,
          retryStrategy: retryAfter(limits),
        })
  return { commands: make('commands'), subscriber: make('subscriber') }
}

function optionsOf(address: RedisAddress, limits: RedisLimits, name: 'commands' | 'subscriber') {
  return {
    lazyConnect: true,
    connectionName: `parlor-${name}`,
    connectTimeout: limits.connect,
    commandTimeout: limits.command,
    // A Redis that is frozen keeps its connections and says nothing.
    ...(name === 'commands' ? { socketTimeout: limits.command * 2 } : {}),
    maxRetriesPerRequest: 0,
    autoResendUnfulfilledCommands: false,
    autoResubscribe: true,
    enableAutoPipelining: name === 'commands',
    ...(address.username === undefined ? {} : { username: address.username }),
    ...(address.password === undefined ? {} : { password: address.password }),
    ...(address.tls ? { tls: tlsOf(address) } : {}),
  } satisfies CommonRedisOptions & { tls?: ConnectionOptions }
}

function placeOf({ kind, hosts, master, tls }: RedisAddress, limits: RedisLimits) {
  if (kind === 'single') return hosts[0]
  return {
    sentinels: hosts,
    name: master ?? '',
    sentinelRetryStrategy: retryAfter(limits),
    sentinelCommandTimeout: limits.command,
    ...(tls ? { enableTLSForSentinelMode: true } : {}),
  }
}

function retryAfter({ retry }: RedisLimits): (times: number) => number {
  return (times) => Math.min(retry.longest, retry.shortest * 2 ** Math.min(times - 1, 16))
}

function tlsOf({ tls, hosts }: RedisAddress): ConnectionOptions {
  const authorities = tls === false ? undefined : tls.authorities
  const servername = /^[\d.:a-f]+$/i.test(hosts[0].host) ? {} : { servername: hosts[0].host }
  if (authorities === undefined) return servername
  try {
    return { ...servername, ca: readFileSync(authorities, 'utf8') }
  } catch (error) {
    const what = `The file ${authorities}, which REDIS_URL names as tlsrootcert, cannot be read.`
    throw new StartError(what, 'Correct its path, or let the user that runs Parlor read it.', error)
  }
}
