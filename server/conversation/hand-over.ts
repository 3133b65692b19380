import type { HandedOver } from '../tools/hand-over.ts'
import type { Address } from './publisher.ts'

/**
 * Asks for a person on behalf of the AI that answers `to`. Once for each `key` (`turn.step.call`): a later attempt of
 * the turn learns what has become of it. Rejects with `DatabaseUnavailable`.
 */
export type HandOver = (to: Address, asked: { key: string; reason: string }) => Promise<HandedOver>
