import { StartError } from '../start-error.ts'
import type { RedisAddress } from './address.ts'

const CHECK_URL = 'Check REDIS_URL.'

/** Why a Redis could not be used at start, as one line with what to do. Never shows the password. */
export function describeUnreachableRedis(error: unknown, address: RedisAddress): StartError {
  if (error instanceof StartError) return error
  const root = rootOf(error)
  const [what, hint] = explain(root, address)
  return new StartError(what, hint, error)
}

/** A cluster tells last what it heard last from one of its nodes. */
function rootOf(error: unknown): Error {
  if (!(error instanceof Error)) return new Error(String(error))
  if ('lastNodeError' in error && error.lastNodeError instanceof Error) return error.lastNodeError
  return error
}

function explain(error: Error, { kind, hosts, master }: RedisAddress): [what: string, hint: string] {
  const place = hosts.map(({ host, port }) => `${host}:${port}`).join(', ')
  const code = 'code' in error ? String(error.code) : ''
  const { message } = error
  if (code === 'ECONNREFUSED')
    return [`No Redis is listening at ${place}.`, 'Start Redis, or correct REDIS_URL.']
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN')
    return [`A host of REDIS_URL is not known: ${place}.`, CHECK_URL]
  if (/^(NOAUTH|WRONGPASS|ERR (invalid password|AUTH|Client sent AUTH))/.test(message))
    return [`Redis at ${place} refused our user or password.`, CHECK_URL]
  if (message.startsWith('NOPERM'))
    return [`Redis at ${place} does not let our user do what is needed.`, 'Give it +@all on ~* and &*.']
  if (/CERT|SSL|TLS|certificate/i.test(`${code} ${message}`))
    return [`The encryption of Redis at ${place} failed: ${message.replace(/\.$/, '')}.`, CHECK_URL]
  if (kind === 'sentinel' && /sentinel/i.test(message))
    return [`No sentinel at ${place} knows a master "${master ?? ''}" that answers.`, CHECK_URL]
  if (kind === 'cluster')
    return [`The Redis cluster at ${place} cannot be used: ${message.replace(/\.$/, '')}.`, CHECK_URL]
  if (code === 'ETIMEDOUT' || /time(d )?out|closed/i.test(message))
    return [`Redis at ${place} does not answer.`, 'Check REDIS_URL, the network and the firewall.']
  return [`Redis at ${place} cannot be used: ${message.replace(/\.$/, '')}.`, CHECK_URL]
}
