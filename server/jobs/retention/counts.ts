/** What a pass removes, or does beside; the names of a run's counts. */
export const COUNTED = [
  'conversations_closed',
  'usage_rows_set',
  'messages_archived',
  'messages_held',
  'messages',
  'turn_steps',
  'turns',
  'tool_confirmations',
  'model_calls',
  'message_receipts',
  'conversations',
  'tool_executions',
  'tool_trials',
  'ratings',
  'contacts',
  'sessions',
  'visitors',
  'integration_calls',
  'audit_log',
  'admin_sessions',
  'retention_runs',
] as const
export type Counted = (typeof COUNTED)[number]

/** How many of what; what is missing is none. */
export type Counts = Partial<Record<Counted, number>>

/** Told after each step that was committed: what it removed. */
export type OnProgress = (what: Counted, count: number) => void | Promise<void>

/** Adds up what was told. */
export function createTally(onProgress: OnProgress): { counts: Counts; add: OnProgress } {
  const counts: Counts = {}
  return {
    counts,
    async add(what, count) {
      if (count > 0) counts[what] = (counts[what] ?? 0) + count
      await onProgress(what, count)
    },
  }
}
