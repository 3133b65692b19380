import type { TableRow } from './block.ts'

/** Where messages are kept before they are removed (docs/retention.md). */
export interface Archive {
  /** Keeps the messages of a UTC day, once; gives how many were kept now. */
  keep(day: string, signal: AbortSignal): Promise<number>
  /** All that was kept of a visitor, oldest day first; nothing where its key is gone. Throws where a file is damaged. */
  read(visitorId: string, signal: AbortSignal): AsyncIterable<TableRow>
}
