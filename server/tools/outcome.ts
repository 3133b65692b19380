import type { Json } from '../../models/tool-execution.ts'
import type { OutboundFault } from '../infra/outbound/index.ts'

/**
 * What a call of a tool came to, as it is kept: an answer; a failure that the other side tells in its own words, where
 * `sent` means that it may have had an effect; that there was no answer (`paused`: it failed so often that it is left
 * alone for a while); or that it was not made, in words for the model.
 */
export type ToolOutcome =
  | ToolAnswer
  | { failed: string; sent: boolean }
  | { fault: OutboundFault | 'paused'; sent: boolean }
  | { refused: string }

/**
 * `status` is HTTP's. `silent`: nothing was said where something was to be; `page`: one for people, where data were
 * expected; `unreadable`: broken JSON, or no text.
 */
export type ToolAnswer =
  | { status: number; kind: 'json'; body: Json }
  | { status: number; kind: 'text'; body: string }
  | { status: number; kind: 'empty' | 'silent' | 'page' | 'unreadable'; body: null }
