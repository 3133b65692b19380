import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { parseArgs } from 'node:util'
import { defineModels } from '../../models/index.ts'
import type { PrivacyReceipt, ReceiptsQuery } from '../../protocol/privacy.ts'
import type { Config } from '../config/config.ts'
import type { Database } from '../infra/database.ts'
import { createSecrets } from '../infra/secrets.ts'
import { isUuid } from '../infra/uuid.ts'
import { openArchive } from '../jobs/archive/open-archive.ts'
import { eraseVisitor } from '../jobs/privacy/erase.ts'
import { exportVisitor, type ExportLine } from '../jobs/privacy/export.ts'
import { listReceipts } from '../jobs/privacy/list-receipts.ts'
import type { Subject } from '../jobs/privacy/receipts.ts'
import { complain, complainOfUse, say, type Command } from './command.ts'
import { withDatabase } from './with-database.ts'
import { withSharedCache } from './with-shared-cache.ts'

/** All that is kept of one visitor (docs/retention.md). */
export const visitor: Command = {
  help: [
    [
      'visitor export --client KEY (--visitor ID | --user ID)',
      'write all that is kept of a visitor to stdout, as lines of JSON; --user: by the id that the client has for it',
    ],
    [
      'visitor erase --client KEY (--visitor ID | --user ID) --yes',
      'remove it for good: rows, what is cached, and the key of what is archived',
    ],
    ['visitor receipts --client KEY [--visitor ID]', 'list the newest receipts of both'],
  ],
  async run(args) {
    const asked = read(args)
    if (asked === null) return complainOfUse(`"visitor ${args.join(' ')}" is not known.`, visitor)
    if (asked.verb === 'erase' && !asked.yes) return complain('It cannot be undone: say --yes.')
    return withDatabase((database, config) => act(asked, { database, config }))
  },
}

const VERBS = ['export', 'erase', 'receipts'] as const

interface Asked {
  verb: (typeof VERBS)[number]
  client: string
  visitor: string | undefined
  user: string | undefined
  yes: boolean
}

/** Null for what cannot be understood: exactly one name for the visitor, where it must have one. */
function read(args: readonly string[]): Asked | null {
  try {
    const text = { type: 'string' } as const
    const options = {
      client: text,
      visitor: text,
      user: text,
      yes: { type: 'boolean', default: false },
    } as const
    const { positionals, values } = parseArgs({ args: [...args], allowPositionals: true, options })
    const { client, visitor, user, yes } = values
    const [first, ...more] = positionals
    const verb = VERBS.find((one) => one === first)
    if (
      verb === undefined ||
      client === undefined ||
      more.length > 0 ||
      (visitor !== undefined && !isUuid(visitor))
    )
      return null
    const names = [visitor, user].filter((name) => name !== undefined).length
    if (verb === 'receipts' ? user !== undefined : names !== 1) return null
    return { verb, client, visitor: visitor?.toLowerCase(), user, yes }
  } catch {
    return null
  }
}

interface Place {
  database: Database
  config: Config
}

async function act({ verb, client, visitor, user }: Asked, place: Place): Promise<number> {
  const { Client, Visitor } = defineModels(place.database.sequelize)
  const found = await Client.findOne({ where: { api_key: client } })
  if (!found) return complain('There is no such client.')
  const client_id = found.id
  if (verb === 'receipts')
    return tellReceipts(place, { client_id, ...(visitor !== undefined && { visitor_id: visitor }) })
  const named =
    user === undefined ? null : await Visitor.findOne({ where: { client_id, user_identifier: user } })
  const visitor_id = visitor ?? named?.id
  if (visitor_id === undefined) return complain(UNKNOWN)
  const subject: Subject = { client_id, visitor_id, by: { actor: 'system' } }
  return verb === 'export' ? writeOut(place, subject) : erase(place, subject)
}

const UNKNOWN = 'There is no such visitor, or nothing is kept of it any more.'

async function writeOut({ database, config }: Place, subject: Subject): Promise<number> {
  const archive = openArchive(config.archive, { database, secrets: createSecrets(config.secrets) })
  const lines = await exportVisitor({ database, archive }, subject, new AbortController().signal)
  if (lines === null) return complain(UNKNOWN)
  await pipeline(Readable.from(texts(lines)), process.stdout, { end: false })
  return 0
}

async function* texts(lines: AsyncGenerator<ExportLine>): AsyncGenerator<string> {
  for await (const line of lines) yield `${JSON.stringify(line)}\n`
}

function erase({ database, config }: Place, subject: Subject): Promise<number> {
  return withSharedCache(config, database, async (cache) => {
    const parts = { database, cache, publisher: null }
    const erased = await eraseVisitor(parts, subject, new AbortController().signal)
    if (!erased.ok) return complain(erased.error.code === 'not_found' ? UNKNOWN : erased.error.message)
    const { receipt } = erased.data
    return say(`${describe(receipt)}\nCaches may know of it until ${receipt.cached_until ?? receipt.at}.`)
  })
}

async function tellReceipts({ database }: Place, of: ReceiptsQuery): Promise<number> {
  const { receipts, has_more } = await listReceipts(database, null, { ...of, limit: MOST })
  if (receipts.length === 0) return say('There are no receipts.')
  return say([...receipts.map(describe), ...(has_more ? ['...'] : [])].join('\n'))
}

/** How many are listed. */
const MOST = 200

function describe({ id, kind, at, counts }: Pick<PrivacyReceipt, 'id' | 'kind' | 'at' | 'counts'>): string {
  const told = counts.map(({ what, count }) => `${what} ${String(count)}`).join(', ')
  return `${id}  ${kind}  ${at}  ${told === '' ? 'nothing' : told}`
}
