import type * as Undici from 'undici'
import { createDispatchFetch } from './dispatch-fetch.ts'
import type { TimeLimits } from './watch.ts'

/** How long an idle connection is kept for the next request, in milliseconds. */
const KEEP_ALIVE_MS = 60_000

/** The `fetch` of one vendor's SDK: its connections are kept and used again. */
export function createVendorFetch(
  undici: typeof Undici,
  { connect }: TimeLimits,
): ReturnType<typeof createDispatchFetch> {
  return createDispatchFetch(
    new undici.Agent({ connect: { timeout: connect }, keepAliveTimeout: KEEP_ALIVE_MS }),
  )
}
