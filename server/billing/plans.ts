import type { Rate } from '../infra/rate-limit.ts'

/** What a client's plan allows. */
export interface Plan {
  /** Messages of all its visitors together, through every door. */
  messages: Rate
}

const FREE: Plan = { messages: { most: 120, per: 'minute' } }

const PLANS: ReadonlyMap<string, Plan> = new Map([
  ['free', FREE],
  ['starter', { messages: { most: 600, per: 'minute' } }],
  ['pro', { messages: { most: 3_000, per: 'minute' } }],
])

/** The plan of this name; one that is not known allows what the smallest does. */
export function planNamed(name: string): Plan {
  return PLANS.get(name) ?? FREE
}
