/** A piece of a running reply, from `offset` on. */
export interface Piece {
  turn: number
  attempt: number
  offset: number
  text: string
}

export interface PieceReader<Mark> {
  /** Bytes that were sent to the reader and that it has not taken yet; 0 once it is gone. */
  unread: () => number
  /** Sends a piece, with the mark of the last one that is in it. */
  send: (piece: Piece, mark: Mark) => void
}

export const MERGE_LIMITS = {
  /** A reader that has left more bytes than this is behind. */
  above: 16 * 1024,
  /** So many UTF-16 units are put together at most, before they are sent all the same. */
  upTo: 64 * 1024,
  /** How often it is looked whether the reader has caught up, in milliseconds. */
  lookEvery: 40,
} as const

/**
 * The pieces of replies on their way to one reader: each by itself as it comes while the reader keeps up, put together
 * while it is behind. They stay in their order among all that is sent if everything else is sent after `flush`.
 */
export class MergedPieces<Mark> {
  readonly #reader: PieceReader<Mark>
  readonly #above: number
  #held: { piece: Piece; mark: Mark } | null = null
  #timer: NodeJS.Timeout | null = null

  constructor(reader: PieceReader<Mark>, above: number = MERGE_LIMITS.above) {
    this.#reader = reader
    this.#above = above
  }

  tell(piece: Piece, mark: Mark): void {
    if (!this.#held && !this.#isBehind) {
      this.#reader.send(piece, mark)
      return
    }
    this.#hold(piece, mark)
    this.#look()
  }

  /** Sends what is held, whether the reader is behind or not. */
  flush(): void {
    if (this.#timer) clearTimeout(this.#timer)
    this.#timer = null
    const held = this.#held
    this.#held = null
    if (held) this.#reader.send(held.piece, held.mark)
  }

  get #isBehind(): boolean {
    return this.#reader.unread() > this.#above
  }

  #hold(piece: Piece, mark: Mark): void {
    const held = this.#held
    if (held && continues(held.piece, piece)) {
      held.piece.text += piece.text
      held.mark = mark
      return
    }
    this.flush()
    this.#held = { piece: { ...piece }, mark }
  }

  #look(): void {
    const length = this.#held?.piece.text.length ?? 0
    if (length >= MERGE_LIMITS.upTo || !this.#isBehind) this.flush()
    else this.#timer ??= setTimeout(() => this.#lookAgain(), MERGE_LIMITS.lookEvery)
  }

  #lookAgain(): void {
    this.#timer = null
    this.#look()
  }
}

function continues(held: Piece, next: Piece): boolean {
  return (
    held.turn === next.turn && held.attempt === next.attempt && held.offset + held.text.length === next.offset
  )
}
