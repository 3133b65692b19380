/**
 * Of question `q`: the visitor has written something else since, whatever else has come since. The turn's opening bounds
 * it in time, for the partitions.
 */
export const WROTE_ELSE = `
  EXISTS (
    SELECT FROM messages w
    WHERE w.conversation_id = q.conversation_id AND w.seq > q.answers_to AND w.role = 'user'
      AND w."timestamp" >= (SELECT opened_at FROM turns o WHERE o.conversation_id = q.conversation_id AND o.number = q.turn)
  )`

/** Of conversation `v`: its turn runs, and nobody has broken it off. */
export const RUNS = `(v.turn_open AND v.turn_epoch = v.epoch AND v.stop_turn <> v.turn)`

/** Of question `q` of conversation `v`: it waits to be answered. */
export const STILL_WAITING = `
  q.decided_at IS NULL AND q.expires_at > clock_timestamp() AND ${RUNS} AND q.turn = v.turn AND NOT ${WROTE_ELSE}`
