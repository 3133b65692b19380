import { parseArgs } from 'node:util'
import { defineModels } from '../../models/index.ts'
import type { IssuedKey, SecretKey } from '../../models/secret-key.ts'
import type { Result } from '../../protocol/result.ts'
import { createSecretKeys, type SecretKeys } from '../auth/secret-keys.ts'
import { complain, complainOfUse, say, type Command } from './command.ts'
import { withDatabase } from './with-database.ts'

/** Keys with which clients' own servers speak. */
export const key: Command = {
  help: [
    [
      'key create --client KEY --name NAME',
      'make a secret key for the servers of a client, and tell it once',
    ],
    ['key list [--client KEY]', 'list the secret keys, of one client or all'],
    ['key rotate ID [--grace 24h]', 'put a new key in the place of one, which works on for the grace given'],
    ['key revoke ID', 'end a key; it is refused within 5 seconds'],
  ],
  async run(args) {
    const asked = read(args)
    if (asked === null) return complainOfUse(`"key ${args.join(' ')}" is not known.`, key)
    const { verb, id, client, name, grace } = asked
    if (verb === 'create' && client !== undefined && name !== undefined) {
      return withKeys(async (keys) => tellKey(await keys.create({ api_key: client }, name)))
    }
    if (verb === 'list')
      return withKeys(async (keys) =>
        say(describe(await keys.list(client === undefined ? undefined : { api_key: client }))),
      )
    if (verb === 'rotate' && id !== undefined && grace !== null) {
      return withKeys(async (keys) => tellKey(await keys.rotate({ id }, grace)))
    }
    if (verb === 'revoke' && id !== undefined) {
      return withKeys(async (keys) => {
        const ended = await keys.revoke({ id })
        return ended.ok
          ? say(`Revoked ${ended.data.prefix}... It is refused within 5 seconds.`)
          : complain(ended.error.message)
      })
    }
    return complainOfUse(`"key ${args.join(' ')}" is not known.`, key)
  },
}

interface Asked {
  verb: string | undefined
  id: string | undefined
  client: string | undefined
  name: string | undefined
  /** Milliseconds; null when it is no duration. */
  grace: number | null
}

function read(args: readonly string[]): Asked | null {
  try {
    const { positionals, values } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { client: { type: 'string' }, name: { type: 'string' }, grace: { type: 'string' } },
    })
    const [verb, id, ...more] = positionals
    if (more.length > 0) return null
    return { verb, id, client: values.client, name: values.name, grace: readDuration(values.grace ?? '0s') }
  } catch {
    return null
  }
}

const UNITS: Record<string, number> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 }

/** `90s`, `30m`, `24h` or `7d` in milliseconds. */
function readDuration(text: string): number | null {
  const [, count = '', unit = ''] = /^(\d{1,5})([smhd])$/.exec(text) ?? []
  const factor = UNITS[unit]
  return factor === undefined ? null : Number(count) * factor
}

function withKeys(work: (keys: SecretKeys) => Promise<number>): Promise<number> {
  return withDatabase((database) => work(createSecretKeys(database, defineModels(database.sequelize))))
}

function tellKey(issued: Result<IssuedKey>): number {
  if (!issued.ok) return complain(issued.error.message)
  const { key: text, secretKey } = issued.data
  return say(`${text}\n\nThe key "${secretKey.name}" has the id ${secretKey.id}. It is not shown again.`)
}

function describe(keys: Awaited<ReturnType<SecretKeys['list']>>): string {
  if (keys.length === 0) return 'There are no keys.'
  return keys
    .map(({ secretKey, clientKey }) => {
      const { id, prefix, name, created_at, last_used_at } = secretKey
      const used = last_used_at === null ? 'never used' : `used ${last_used_at.toISOString()}`
      const made = `made ${created_at.toISOString()}`
      return [id, clientKey, `${prefix}...`, made, used, stateOf(secretKey), name].join('  ')
    })
    .join('\n')
}

function stateOf({ isLive, revoked_at }: SecretKey): string {
  if (revoked_at === null) return 'live'
  return `${isLive ? 'live until' : 'ended'} ${revoked_at.toISOString()}`
}
