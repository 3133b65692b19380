import { held } from './context.ts'

/**
 * SQL of which rows the same pass has removed before: a pass finds them gone already, so nothing is left of which that
 * could be said; one that only counts finds them still there. $1 is the UTC day before which what was said is due, $3
 * that of e-mail addresses.
 */
export interface Going {
  conversation: (row: string) => string
  session: (row: string) => string
  contact: (row: string) => string
}

export const GONE_ALREADY: Going = {
  conversation: () => 'false',
  session: () => 'false',
  contact: () => 'false',
}

export const STILL_THERE: Going = {
  conversation: (row) =>
    `(${row}.state = 'ended' AND NOT ${row}.turn_open AND greatest(${row}.last_at, ${row}.ended_at) < ${before('$1')}
      AND NOT ${held(`${row}.id`)})`,
  session: (row) =>
    `(${row}.last_seen_at < ${before('$1')} AND NOT EXISTS (SELECT FROM conversations c WHERE c.session_id = ${row}.id
      AND NOT ${STILL_THERE.conversation('c')}))`,
  contact: (row) => `(${row}.created_at < ${before('$3')} AND NOT ${held(`${row}.conversation_id`)})`,
}

/** The moment at which a UTC day begins. */
export function before(day: string): string {
  return `${day}::date::timestamp AT TIME ZONE 'UTC'`
}
