import type { Cluster, Redis as Client } from 'ioredis'
import { StartError } from '../start-error.ts'
import type { RedisAddress } from './address.ts'

/** The oldest versions that will do: a cluster's nodes must know channels of their own. */
const OLDEST = { single: [6, 2], sentinel: [6, 2], cluster: [7, 0] } as const

/** Throws `StartError` where the Redis that answers is too old, or one that cannot be written to. */
export async function refuseUnfit(commands: Client | Cluster, { kind }: RedisAddress): Promise<void> {
  const version = infoField(await commands.info('server'), 'redis_version')
  const [major, minor] = OLDEST[kind]
  const [hasMajor = 0, hasMinor = 0] = version.split('.').map(Number)
  if (hasMajor < major || (hasMajor === major && hasMinor < minor)) {
    const needed = `${major}.${minor}`
    throw new StartError(
      `Redis ${version || 'of no version'} is too old.`,
      `Use ${needed} or later, or Valkey.`,
    )
  }
  const role = infoField(await commands.info('replication'), 'role')
  if (kind === 'single' && role === 'slave')
    throw new StartError(
      'The Redis of REDIS_URL is a replica, which cannot be written to.',
      'Name its master.',
    )
}

/** What INFO tells under a name; empty where it tells nothing. */
export function infoField(info: string, name: string): string {
  return new RegExp(`^${name}:(.*?)\\r?$`, 'm').exec(info)?.[1] ?? ''
}
