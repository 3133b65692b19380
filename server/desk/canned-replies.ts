import { UniqueConstraintError, type Transaction } from 'sequelize'
import type { Actor } from '../../models/actor.ts'
import type { CannedReply as Kept } from '../../models/canned-reply.ts'
import type { Models } from '../../models/index.ts'
import {
  CANNED_REPLY_LIMITS,
  type CannedReply,
  type CannedReplyChanges,
  type NewCannedReplyBody,
} from '../../protocol/canned-replies.ts'
import { refuse, succeed, type Result } from '../../protocol/result.ts'
import type { Database } from '../infra/database.ts'
import { isUuid } from '../infra/uuid.ts'

type Told = Result<{ canned_reply: CannedReply }>

/** Answers that people of a client give often. Each deed is told in the audit log, with who has done it. */
export interface CannedReplies {
  /** All of a client, by their shortcuts. */
  list(clientId: string): Promise<CannedReply[]>
  /** `invalid_payload`: the shortcut is taken, or there are too many. `not_found`: there is no such client. */
  create(clientId: string, wish: NewCannedReplyBody, by: Actor): Promise<Told>
  change(clientId: string, id: string, changes: CannedReplyChanges, by: Actor): Promise<Told>
  remove(clientId: string, id: string, by: Actor): Promise<Result<{ id: string }>>
}

/** Works on models that are bound to `database`. */
export function createCannedReplies(
  database: Pick<Database, 'transaction'>,
  { Client, CannedReply: Reply, AuditEntry }: Pick<Models, 'Client' | 'CannedReply' | 'AuditEntry'>,
): CannedReplies {
  /** The client's row is locked: of two who add at once, one sees the other's. */
  function work<Data>(
    clientId: string,
    { by, action }: { by: Actor; action: string },
    run: (within: Within) => Promise<Result<{ data: Data; kept: Kept }>>,
  ): Promise<Result<Data>> {
    return database
      .transaction(async (transaction) => {
        const lock = transaction.LOCK.NO_KEY_UPDATE
        const client = await Client.findByPk(clientId, { attributes: ['id'], transaction, lock })
        if (client === null) return refuse('not_found')
        const done = await run({ transaction })
        if (!done.ok) return done
        const { id, shortcut } = done.data.kept
        const entry = { ...by, client_id: clientId, action, details: { reply_id: id, shortcut } }
        await AuditEntry.record(entry, { transaction })
        return succeed(done.data.data)
      })
      .catch((error: unknown) => {
        if (error instanceof UniqueConstraintError) return refuse('invalid_payload', TAKEN)
        throw error
      })
  }

  const find = (clientId: string, id: string, within: Within) =>
    isUuid(id) ? Reply.findOne({ where: { id, client_id: clientId }, ...within }) : Promise.resolve(null)

  return {
    async list(clientId) {
      const kept = await Reply.findAll({ where: { client_id: clientId }, order: [['shortcut', 'ASC']] })
      return kept.map(present)
    },

    create: (clientId, wish, by) =>
      work(clientId, { by, action: 'canned_reply.created' }, async (within) => {
        const count = await Reply.count({ where: { client_id: clientId }, ...within })
        if (count >= CANNED_REPLY_LIMITS.count) return refuse('invalid_payload', TOO_MANY)
        return told(await Reply.create({ ...wish, client_id: clientId }, within))
      }),

    change: (clientId, id, changes, by) =>
      work(clientId, { by, action: 'canned_reply.changed' }, async (within) => {
        const kept = await find(clientId, id, within)
        if (kept === null) return refuse('not_found')
        return told(await kept.update({ ...changes, changed_at: new Date() }, within))
      }),

    remove: (clientId, id, by) =>
      work(clientId, { by, action: 'canned_reply.removed' }, async (within) => {
        const kept = await find(clientId, id, within)
        if (kept === null) return refuse('not_found')
        await kept.destroy(within)
        return succeed({ data: { id: kept.id }, kept })
      }),
  }
}

interface Within {
  transaction: Transaction
}

const TAKEN = 'Another reply has this shortcut.'
const TOO_MANY = 'There are too many replies.'

function told(kept: Kept): Result<{ data: { canned_reply: CannedReply }; kept: Kept }> {
  return succeed({ data: { canned_reply: present(kept) }, kept })
}

function present({ id, shortcut, text, created_at, changed_at }: Kept): CannedReply {
  return {
    ...{ id, shortcut, text, created_at: created_at.toISOString() },
    ...(changed_at !== null && { changed_at: changed_at.toISOString() }),
  }
}
