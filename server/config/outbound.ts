import { readHostAndPort } from '../infra/outbound/destination.ts'
import type { Variables } from './variables.ts'

/** What of our own network tenants' addresses may reach. */
export interface OutboundConfig {
  /** Pairs of host and port. */
  allow: string[]
}

/** `ours`: what is allowed beside what the operator names. */
export function readOutbound(variables: Variables, ours: readonly string[]): OutboundConfig {
  const expected = 'pairs of host and port with commas between them, such as n8n.internal:5678'
  return { allow: [...ours, ...variables.take('OUTBOUND_ALLOW', [], expected, readPairs)] }
}

function readPairs(value: string): string[] | null {
  const pairs = value.split(',').map((part) => readHostAndPort(part.trim()))
  return pairs.every((pair) => pair !== null) ? pairs : null
}
