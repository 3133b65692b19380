import type { HandoffRules } from './ai-settings.ts'

/** What holds of `HandoffRules` where a client says nothing. */
export const HANDOFF_DEFAULTS = {
  offered: true,
  wait_minutes: 5,
  failed_answers: 2,
  failed_calls: 2,
} as const satisfies Required<HandoffRules>
