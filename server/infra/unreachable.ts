import { codeOf, rootOf } from './database-fault.ts'
import type { PostgresAddress } from './postgres-url.ts'
import { StartError } from './start-error.ts'

const CHECK_URL = 'Check DATABASE_URL.'

/** Why a Postgres could not be used at start, as one line with what to do. Never shows the password. */
export function describeUnreachable(error: unknown, address: PostgresAddress): StartError {
  const root = rootOf(error instanceof Error && error.cause !== undefined ? error.cause : error)
  const [what, hint] = explain(root, address)
  return new StartError(what, hint, error)
}

function explain(
  error: Error,
  { host, port, database, username }: PostgresAddress,
): [what: string, hint: string] {
  const place = host.startsWith('/') ? `the socket in ${host}` : `${host}:${port}`
  const user = username === undefined ? 'the default user' : `user "${username}"`
  switch (codeOf(error)) {
    case 'ECONNREFUSED':
    case 'ENOENT':
      return [`No database is listening at ${place}.`, 'Start Postgres, or correct DATABASE_URL.']
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return [`The database's host "${host}" is not known.`, CHECK_URL]
    case 'ETIMEDOUT':
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
      return unanswered(place)
    case '28P01':
      return [`The database at ${place} refused the password of ${user}.`, CHECK_URL]
    case '28000':
      return [
        `The database at ${place} does not let ${user} in from here.`,
        'Check DATABASE_URL and pg_hba.conf.',
      ]
    case '3D000':
      return [
        `The database server at ${place} has no database "${database}".`,
        'Create it, or correct DATABASE_URL.',
      ]
    case '53300':
      return [
        `The database at ${place} has no connection left.`,
        'Lower DATABASE_POOL, or raise max_connections.',
      ]
    case 'DEPTH_ZERO_SELF_SIGNED_CERT':
    case 'SELF_SIGNED_CERT_IN_CHAIN':
    case 'UNABLE_TO_GET_ISSUER_CERT':
    case 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY':
    case 'UNABLE_TO_VERIFY_LEAF_SIGNATURE':
      return [
        `The certificate of the database at ${place} was issued by nobody who is trusted here.`,
        'Name the file of its authority in DATABASE_URL: sslrootcert=/path/to/root.crt.',
      ]
    case 'ERR_TLS_CERT_ALTNAME_INVALID':
      return [
        `The certificate of the database at ${place} is not for "${host}".`,
        'Name the host in DATABASE_URL as the certificate does.',
      ]
    case 'CERT_HAS_EXPIRED':
      return [`The certificate of the database at ${place} has expired.`, 'Renew it.']
  }
  if (error.message === 'timeout expired') return unanswered(place)
  if (error.message === 'The server does not support SSL connections')
    return [
      `The database at ${place} does not encrypt.`,
      'Set ssl = on there, or take sslmode out of DATABASE_URL.',
    ]
  return [`The database at ${place} cannot be used: ${error.message.replace(/\.$/, '')}.`, CHECK_URL]
}

function unanswered(place: string): [what: string, hint: string] {
  return [`The database at ${place} does not answer.`, 'Check DATABASE_URL, the network and the firewall.']
}
