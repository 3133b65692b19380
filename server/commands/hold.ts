import { parseArgs } from 'node:util'
import { defineModels } from '../../models/index.ts'
import type { LegalHold } from '../../protocol/retention.ts'
import { isUuid } from '../infra/uuid.ts'
import { visibleText } from '../infra/visible-text.ts'
import { createLegalHolds } from '../jobs/holds.ts'
import { complain, complainOfUse, say, type Command } from './command.ts'
import { withDatabase } from './with-database.ts'

/** Conversations of which nothing may be removed (docs/retention.md). */
export const hold: Command = {
  help: [
    ['hold put ID --reason TEXT', 'keep all of a conversation, however old it gets, until it is released'],
    ['hold release ID', 'let it go: what is due of it goes with the next pass'],
    ['hold list [--client KEY]', 'list the newest of them, of one client or all'],
  ],
  async run(args) {
    const { verb, id, reason, client } = read(args)
    if (verb === 'put' && id !== undefined && reason !== undefined) return put(id, reason)
    if (verb === 'release' && id !== undefined) return release(id)
    if (verb === 'list' && id === undefined) return list(client)
    return complainOfUse(`"hold ${args.join(' ')}" is not known.`, hold)
  },
}

interface Asked {
  verb?: string | undefined
  id?: string | undefined
  reason?: string | undefined
  client?: string | undefined
}

/** Empty for what cannot be understood. */
function read(args: readonly string[]): Asked {
  try {
    const options = { reason: { type: 'string' }, client: { type: 'string' } } as const
    const { positionals, values } = parseArgs({ args: [...args], allowPositionals: true, options })
    const [verb, id, ...more] = positionals
    const reason = values.reason?.trim()
    if (more.length > 0 || reason === '' || (id !== undefined && !isUuid(id))) return {}
    return { verb, id: id?.toLowerCase(), reason, client: values.client }
  } catch {
    return {}
  }
}

const BY = { actor: 'system' } as const
const UNKNOWN = 'There is no such conversation.'

function put(conversation_id: string, reason: string): Promise<number> {
  return withDatabase(async (database) => {
    const put = await createLegalHolds(database).hold({ client_id: null, conversation_id }, reason, BY)
    return put.ok ? say(`It is under hold: ${oneLine(put.data.hold.reason)}`) : complain(UNKNOWN)
  })
}

function release(conversation_id: string): Promise<number> {
  return withDatabase(async (database) => {
    const released = await createLegalHolds(database).release({ client_id: null, conversation_id }, BY)
    return released.ok ? say('It is released.') : complain('It is under no hold.')
  })
}

function list(api_key: string | undefined): Promise<number> {
  return withDatabase(async (database) => {
    const { Client } = defineModels(database.sequelize)
    const client = api_key === undefined ? null : await Client.findOne({ where: { api_key } })
    if (api_key !== undefined && client === null) return complain('There is no such client.')
    const { holds, has_more } = await createLegalHolds(database).list(client?.id ?? null, { limit: MOST })
    if (holds.length === 0) return say('Nothing is under hold.')
    return say([...holds.map(describe), ...(has_more ? ['...'] : [])].join('\n'))
  })
}

/** How many are listed. */
const MOST = 200

function describe({ conversation_id, client_id, held_at, reason }: LegalHold): string {
  return [conversation_id, `client ${client_id}`, `held ${held_at}`, oneLine(reason)].join('  ')
}

/** Whoever wrote it writes nothing into the terminal but text. */
function oneLine(reason: string): string {
  return visibleText(reason).replaceAll(/\s+/g, ' ')
}
