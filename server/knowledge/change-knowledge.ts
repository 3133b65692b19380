import { QueryTypes, type Transaction } from 'sequelize'
import type { Actor } from '../../models/actor.ts'
import { refuse, type Result } from '../../protocol/result.ts'
import type { Database } from '../infra/database.ts'

/** What one client may keep: the search ranks every passage that shares a word with the question. */
export const CLIENT_LIMITS = { documents: 2_000, passages: 10_000 } as const

/** What a change of documents came to, and what there is to tell of it; nothing where nothing has changed. */
export interface Changed<T> {
  result: Result<T>
  deeds: readonly Deed[]
}

/** What was done to a document, for the audit log. */
export interface Deed {
  action: 'added' | 'replaced' | 'edited' | 'removed'
  document: { id: string; title: string }
}

/** Whose documents change, and by whom; null: the client's own server, or whoever commands the machine. */
export interface Knowledge {
  client_id: string
  by: Actor | null
}

/**
 * Changes documents of a client in one transaction, one change after the other, so that the later one sees what it
 * replaces. Whatever changes raises the client's `knowledge_version`, and is told in the audit log with who did it.
 * Refused: `not_found` without such a client, `payload_too_large` over `CLIENT_LIMITS`, and as `work` says.
 */
export async function changeKnowledge<T>(
  database: Database,
  { client_id, by }: Knowledge,
  work: (transaction: Transaction) => Promise<Changed<T>>,
): Promise<Result<T>> {
  try {
    return await database.transaction(async (transaction) => {
      if (!(await lockClient(database, client_id, transaction))) return refuse('not_found')
      const { result, deeds } = await work(transaction)
      if (deeds.length === 0) return result
      await raiseVersion(database, client_id, transaction)
      if (by !== null) await note(database, { client_id, by, deeds }, transaction)
      return result
    })
  } catch (error) {
    if (error instanceof TooMuchKnowledge) return refuse('payload_too_large', error.message)
    throw error
  }
}

/** Thrown inside the transaction, so that nothing of it is kept. */
class TooMuchKnowledge extends Error {
  override readonly name = 'TooMuchKnowledge'
}

async function lockClient(database: Database, client_id: string, transaction: Transaction): Promise<boolean> {
  const rows = await database.sequelize.query('SELECT id FROM clients WHERE id = $1 FOR NO KEY UPDATE', {
    bind: [client_id],
    transaction,
    type: QueryTypes.SELECT,
  })
  return rows.length > 0
}

async function raiseVersion(database: Database, client_id: string, transaction: Transaction): Promise<void> {
  const [kept] = await database.sequelize.query<{ documents: number; passages: number }>(RAISE_VERSION, {
    bind: [client_id],
    transaction,
    type: QueryTypes.SELECT,
  })
  const over = (['documents', 'passages'] as const).find((what) => (kept?.[what] ?? 0) > CLIENT_LIMITS[what])
  if (over === undefined) return
  throw new TooMuchKnowledge(`A client keeps ${CLIENT_LIMITS[over].toLocaleString('en')} ${over} at most.`)
}

const RAISE_VERSION = `
  UPDATE clients SET knowledge_version = knowledge_version + 1 WHERE id = $1
  RETURNING (SELECT count(*)::int FROM knowledge_documents WHERE client_id = $1) AS documents,
            (SELECT count(*)::int FROM knowledge_chunks WHERE client_id = $1) AS passages`

async function note(
  database: Database,
  { client_id, by, deeds }: { client_id: string; by: Actor; deeds: readonly Deed[] },
  transaction: Transaction,
): Promise<void> {
  const actor_id = by.actor === 'admin' ? by.actor_id : null
  for (const { action, document } of deeds) {
    const details = JSON.stringify({ document_id: document.id, title: document.title })
    const bind = [client_id, by.actor, actor_id, `knowledge.${action}`, details]
    await database.sequelize.query(NOTE, { bind, transaction })
  }
}

const NOTE = `
  INSERT INTO audit_log (client_id, actor, actor_id, action, details) VALUES ($1, $2, $3, $4, $5::jsonb)`
