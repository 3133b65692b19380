/** A place for files: a folder, or a bucket. Rejects where it cannot be reached or refuses. */
export interface ArchiveStore {
  /** Keeps `body` under `name`, in the place of what was there: whole, or not at all. */
  put(name: string, body: Buffer, signal: AbortSignal): Promise<void>
  /** Null where there is nothing of this name. */
  get(name: string, signal: AbortSignal): Promise<Buffer | null>
}
