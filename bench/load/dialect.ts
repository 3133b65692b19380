/** What a frame of a contender says to its visitor. */
export type Heard =
  /** The visitor may write. */
  | { kind: 'ready' }
  | Piece
  /** The answer is over; `text` is all of it, where the contender tells that. */
  | { kind: 'end'; text: string | null }
  /** Something has to be sent back at once. */
  | { kind: 'reply'; frame: string }
  /** Of no concern here. */
  | { kind: 'other' }

/** A piece of the answer. Where it belongs, and to which attempt at the answer, is null where a contender does not tell. */
export interface Piece {
  kind: 'piece'
  text: string
  offset: number | null
  attempt: number | null
}

/** How visitors and one contender speak with each other over a WebSocket. */
export interface Dialect {
  /** Where the WebSocket is opened. */
  path: string
  /** Reads one frame. Throws where it tells of a failure. */
  read(frame: string): Heard
  /** The frame that asks a question. */
  ask(text: string): string
}

export const OTHER: Heard = { kind: 'other' }
export const READY: Heard = { kind: 'ready' }
