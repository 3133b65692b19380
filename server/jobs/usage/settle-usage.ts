import type { RunWithin } from '../transaction.ts'
import { DAY_SUMS, MODEL_SUMS, TOOL_SUMS, USED_BY_DAY, USED_BY_MODEL, USED_BY_TOOL } from './sources.ts'

/**
 * Settles the client's days before `today`, and closes those before `due`: from then on nobody writes their usage any more,
 * and what it was computed from may be removed. Gives how many rows were set right.
 */
export async function closeUsage(
  run: RunWithin,
  clientId: string,
  { due, today }: { due: string; today: string },
): Promise<number> {
  const corrected = await settleUsage(run, clientId, today)
  await run(CLOSE, [clientId, due])
  await run('DELETE FROM erased_usage WHERE client_id = $1::uuid AND date < $2::date', [clientId, due])
  return corrected
}

const CLOSE = `
  UPDATE clients SET usage_closed_before = $2::date
  WHERE id = $1::uuid AND (usage_closed_before IS NULL OR usage_closed_before < $2::date)`

/**
 * Sets the usage of a client to what it is computed to be, on its days before `before` that are not closed. Gives how
 * many rows were not so.
 *
 * Turns that end meanwhile lose nothing: the rows are locked first, in the order in which the statement that ends a turn
 * locks them, and the sums are read after. Whoever waits for a lock adds to what was set; whoever did not, had committed.
 */
async function settleUsage(run: RunWithin, clientId: string, before: string): Promise<number> {
  const values = [clientId, before]
  await run(lock('usage_by_model', ', provider, model'), values)
  await run(lock('api_usage', ''), values)
  return (
    (await count(run, SET_MODELS, values)) +
    (await count(run, SET_DAYS, values)) +
    (await count(run, SET_TOOLS, values))
  )
}

const OPEN_DAYS = `client_id = $1::uuid AND date < $2::date
  AND date >= coalesce((SELECT usage_closed_before FROM clients WHERE id = $1::uuid), '-infinity')`

function lock(table: string, more: string): string {
  return `SELECT FROM ${table} WHERE ${OPEN_DAYS} ORDER BY client_id, date${more} FOR UPDATE`
}

const SET_DAYS = set('api_usage', ['client_id', 'date'], DAY_SUMS, USED_BY_DAY)
const SET_MODELS = set(
  'usage_by_model',
  ['client_id', 'date', 'provider', 'model'],
  MODEL_SUMS,
  USED_BY_MODEL,
)
const SET_TOOLS = set('usage_by_tool', ['client_id', 'date', 'tool_name'], TOOL_SUMS, USED_BY_TOOL)

/** Writes only what differs; a row that nothing was counted for becomes zeros. */
function set(table: string, key: readonly string[], sums: readonly string[], used: string): string {
  const list = (names: readonly string[], of = '') => names.map((name) => `${of}${name}`).join(', ')
  const changed = sums.map((name) => `${name} = EXCLUDED.${name}`).join(', ')
  return `
    WITH used AS MATERIALIZED (${used}), none AS (
      UPDATE ${table} u SET ${sums.map((name) => `${name} = 0`).join(', ')}
      WHERE ${OPEN_DAYS} AND (${sums.map((name) => `${name} <> 0`).join(' OR ')})
        AND NOT EXISTS (SELECT FROM used WHERE (${list(key, 'used.')}) = (${list(key, 'u.')}))
      RETURNING 1
    ), kept AS (
      INSERT INTO ${table} AS u (${list([...key, ...sums])}) SELECT ${list([...key, ...sums])} FROM used
      ORDER BY ${list(key)}
      ON CONFLICT (${list(key)}) DO UPDATE SET ${changed}
        WHERE (${list(sums, 'u.')}) IS DISTINCT FROM (${list(sums, 'EXCLUDED.')})
      RETURNING 1
    )
    SELECT (SELECT count(*) FROM none) + (SELECT count(*) FROM kept) AS count`
}

async function count(run: RunWithin, sql: string, values: readonly unknown[]): Promise<number> {
  const [row] = await run<{ count: string }>(sql, values)
  return Number(row?.count ?? 0)
}
