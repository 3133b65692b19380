import { timingSafeEqual } from 'node:crypto'
import { hashSecretKey } from '../../models/secret-key.ts'
import { RATES } from '../../protocol/limits.ts'
import { refuse, succeed, type Result } from '../../protocol/result.ts'
import type { Database, Statement } from '../infra/database.ts'
import type { RateLimits } from '../infra/rate-limit.ts'

/** Finds whose server speaks. */
export interface SecretKeyDirectory {
  /**
   * The id of the active client that a live key belongs to, else `unauthorized`; `rate_limited` once wrong keys have
   * come from `address` too often. Throws `DatabaseUnavailable`.
   */
  findClient(key: string, address: string): Promise<Result<string>>
}

interface Found {
  client_id: string
  key_hash: Buffer
}

/** Milliseconds for which an answer holds. With clocks that differ by 2 s, a revoked key is refused within 5 s. */
const KEPT_FOR = 3_000

/** Answers kept at most, the newest. */
const KEPT = 5_000

/**
 * Remembers each answer for three seconds. A key that is not known to be right takes one of the address's tries before
 * anything is asked, so that guessing costs the guesser alone, and keys in use are never slowed down by it.
 */
export function createSecretKeyDirectory(
  parts: { database: Pick<Database, 'run'>; limits: RateLimits },
  now: () => number = Date.now,
): SecretKeyDirectory {
  const kept = new Map<string, { until: number; found: Found | null }>()

  return {
    async findClient(key, address) {
      const hash = hashSecretKey(key)
      const name = hash.toString('base64')
      const known = kept.get(name)
      if (!known?.found) {
        const tries = await parts.limits.take(`wrong-keys:${address}`, RATES.addressWrongKeys)
        if (!tries.allowed) return refuse('rate_limited', undefined, tries.retryAfterMs)
      }
      const found = known !== undefined && known.until > now() ? known.found : await find(name, key, hash)
      if (found === null || !timingSafeEqual(found.key_hash, hash)) return refuse('unauthorized')
      return succeed(found.client_id)
    },
  }

  async function find(name: string, key: string, hash: Buffer): Promise<Found | null> {
    const asked = now()
    const [found = null] = FORM.test(key) ? await parts.database.run<Found>(USE, [hash]) : []
    kept.delete(name)
    kept.set(name, { until: asked + KEPT_FOR, found })
    if (kept.size > KEPT) forgetOldest(kept)
    return found
  }
}

function forgetOldest(kept: Map<string, unknown>): void {
  for (const name of kept.keys()) {
    kept.delete(name)
    return
  }
}

/** What is not of this form was never a key. */
const FORM = /^sk_[A-Za-z0-9_-]{43}$/

/** Looks the key up by its hash, which tells by its timing nothing about the key; notes its use once a minute. */
const USE: Statement = {
  name: 'auth/use-secret-key',
  text: `
    WITH used AS (
      UPDATE secret_keys SET last_used_at = now()
       WHERE key_hash = $1 AND (revoked_at IS NULL OR revoked_at > now())
         AND (last_used_at IS NULL OR last_used_at < now() - interval '1 minute')
    )
    SELECT k.client_id, k.key_hash
      FROM secret_keys k JOIN clients c ON c.id = k.client_id
     WHERE k.key_hash = $1 AND (k.revoked_at IS NULL OR k.revoked_at > now()) AND c.status = 'active'`,
}
