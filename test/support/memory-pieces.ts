import { setImmediate as tick } from 'node:timers/promises'
import type { Pieces } from '../../server/infra/pieces.ts'

/** Pieces in memory that nodes of one process share; they may go away, and come back empty. */
export class MemoryPieces implements Pieces {
  readonly kept = new Map<string, Record<string, string>>()
  /** All that was put, in its order. */
  readonly puts: { key: string; name: string; piece: string; ttlMs: number | undefined }[] = []
  lives = 0
  isAway = false

  async put(key: string, name: string, piece: string, ttlMs?: number): Promise<boolean> {
    await tick()
    if (this.isAway) return false
    this.puts.push({ key, name, piece, ttlMs })
    this.kept.set(key, { ...this.kept.get(key), [name]: piece })
    return true
  }

  async all(key: string): Promise<Readonly<Record<string, string>>> {
    await tick()
    return this.isAway ? {} : (this.kept.get(key) ?? {})
  }

  drop(key: string): void {
    this.kept.delete(key)
  }

  /** It was started anew. */
  lose(): void {
    this.kept.clear()
    this.lives++
  }
}
