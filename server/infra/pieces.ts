/**
 * Texts that grow, kept piece by piece outside of this process. Never the truth: what is kept may be gone at any time.
 * Nothing here rejects.
 */
export interface Pieces {
  /** Raised whenever all that was kept before may be gone. */
  readonly lives: number
  /** Keeps a piece under its name. With `ttlMs`, all of the key is forgotten so long from now. False: it was not kept. */
  put(key: string, name: string, piece: string, ttlMs?: number): Promise<boolean>
  /** All pieces of a key by their names; none where they cannot be had. */
  all(key: string): Promise<Readonly<Record<string, string>>>
  drop(key: string): void
}
