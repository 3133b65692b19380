import type { Witness } from './witness.ts'

/** What the harness tells a node that is a process of its own. */
export type ToChild =
  | { kind: 'start'; url: string; name: string; seed: number }
  | { kind: 'ask'; id: number; part: 'conversations' | 'agents' | 'results'; verb: string; values: unknown[] }
  | { kind: 'cut'; cut: boolean }
  | { kind: 'mend' }
  | { kind: 'stop' }

/** The lists of a witness that a node writes to. */
export const WITNESSED = ['ownerships', 'stops', 'executions', 'errors', 'tellings'] as const

/** What such a node tells the harness. */
export type FromChild =
  | { kind: 'started' }
  | { kind: 'answer'; id: number; value: unknown }
  | { kind: 'fault'; id: number; reason: 'unavailable' | 'gone' | 'broken'; message: string }
  | { kind: 'witnessed'; list: (typeof WITNESSED)[number]; item: Witness[(typeof WITNESSED)[number]][number] }
