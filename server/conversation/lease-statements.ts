import type { Database, Statement } from '../infra/database.ts'

/** A turn that a node owns by the database's account, and what has befallen it. */
export interface OwnedTurn {
  conversation_id: string
  turn: number
  attempt: number
  stopped: boolean
  interrupted: boolean
}

/** $1 node $2 host $3 lease in ms $4 true: this process alone reaches the data, so whoever else held a lease is dead */
const REGISTER: Statement = {
  name: 'conversation/register-node',
  isVital: true,
  text: `
    WITH dead AS (
      UPDATE nodes SET lease_until = clock_timestamp() WHERE $4::boolean AND lease_until > clock_timestamp()
    )
    INSERT INTO nodes (id, host, lease_until) VALUES ($1::uuid, $2::text, clock_timestamp() + $3::int * interval '1 ms')`,
}

/** $1 node $2 lease in ms. No row: the lease has lapsed, for ever. */
const RENEW: Statement = {
  name: 'conversation/renew-lease',
  isVital: true,
  text: `
    WITH r AS (
      UPDATE nodes SET lease_until = clock_timestamp() + $2::int * interval '1 ms'
      WHERE id = $1::uuid AND lease_until > clock_timestamp() RETURNING 1
    )
    SELECT (SELECT coalesce(jsonb_agg(jsonb_build_object('conversation_id', v.id, 'turn', v.turn, 'attempt', v.attempt,
        'stopped', v.stop_turn = v.turn, 'interrupted', v.turn_epoch < v.epoch)), '[]')
      FROM turns t JOIN conversations v ON v.id = t.conversation_id AND v.turn = t.number AND v.turn_open AND v.node = $1::uuid
      WHERE t.node = $1::uuid AND t.state = 'running') AS owned
    FROM r`,
}

/** Gives the lease back, so that others need not wait for it to lapse. $1 node */
const RELEASE: Statement = {
  name: 'conversation/release-lease',
  isVital: true,
  text: `UPDATE nodes SET lease_until = clock_timestamp() WHERE id = $1::uuid AND lease_until > clock_timestamp()`,
}

/** Forgets nodes that have been dead for a day and own nothing. */
const FORGET: Statement = {
  name: 'conversation/forget-nodes',
  text: `
    DELETE FROM nodes n WHERE lease_until < now() - interval '1 day'
      AND NOT EXISTS (SELECT 1 FROM turns t WHERE t.node = n.id AND t.state = 'running')`,
}

export async function registerNode(
  database: Database,
  node: { id: string; host: string; leaseMs: number },
): Promise<void> {
  await database.run(REGISTER, [node.id, node.host, node.leaseMs, database.exclusive])
  await database.run(FORGET, [])
}

/** All that the node owns; null when its lease has lapsed: it must come back under a new id. */
export async function renewLease(
  database: Database,
  nodeId: string,
  leaseMs: number,
): Promise<OwnedTurn[] | null> {
  const [row] = await database.run<{ owned: OwnedTurn[] }>(RENEW, [nodeId, leaseMs])
  return row ? row.owned : null
}

export async function releaseLease(database: Database, nodeId: string): Promise<void> {
  await database.run(RELEASE, [nodeId])
}
