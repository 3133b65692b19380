import { refuse, succeed, type Result } from '../../../protocol/result.ts'
import { fitsHash, HASH_COST, hashPassword, type HashCost } from './password-hash.ts'

/** Passwords, a few at a time: each takes a core for about a quarter of a second, and memory. */
export interface Passwords {
  /** In the form in which it is kept. `rate_limited` where too many wait already. */
  hash(password: string): Promise<Result<string>>
  /**
   * Whether it is the password that was kept so. Null, where nobody has that name, costs as much and is false.
   * `rate_limited` where too many wait already.
   */
  verify(password: string, kept: string | null): Promise<Result<boolean>>
}

export interface PasswordLimits {
  cost: HashCost
  /** Hashes at once, and how many more may wait: five seconds' worth. */
  atOnce: number
  waiting: number
}

export const PASSWORD_LIMITS: PasswordLimits = { cost: HASH_COST, atOnce: 2, waiting: 40 }

/** When it is worth trying again: milliseconds. */
const RETRY_MS = 5_000

export function createPasswords(changed: Partial<PasswordLimits> = {}): Passwords {
  const { cost, atOnce, waiting } = { ...PASSWORD_LIMITS, ...changed }
  const nobodys = blank(cost)
  const queue: (() => void)[] = []
  let running = 0

  return {
    hash: (password) => inTurn(() => hashPassword(password, cost)),
    verify: (password, kept) =>
      inTurn(async () => {
        if (kept !== null) return fitsHash(password, kept)
        await fitsHash(password, nobodys)
        return false
      }),
  }

  async function inTurn<T>(work: () => Promise<T>): Promise<Result<T>> {
    if (running >= atOnce) {
      if (queue.length >= waiting) return refuse('rate_limited', undefined, RETRY_MS)
      // Whoever ends hands over its place, so `running` stays as it is.
      await new Promise<void>((resolve) => queue.push(resolve))
    } else running += 1
    try {
      return succeed(await work())
    } finally {
      const next = queue.shift()
      if (next) next()
      else running -= 1
    }
  }
}

/** A hash that nobody has computed: no password is known to fit. */
function blank({ ln, r, p }: HashCost): string {
  return `$scrypt$ln=${ln},r=${r},p=${p}$${'A'.repeat(22)}$${'A'.repeat(43)}`
}
