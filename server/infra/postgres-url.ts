import { StartError } from './start-error.ts'

/** Where a Postgres is and who we are there. */
export interface PostgresAddress {
  /** A host name, an address, or the folder of a Unix socket. */
  host: string
  port: number
  database: string
  username?: string
  password?: string
  tls: false | PostgresTls
}

/** How the connection is encrypted. */
export interface PostgresTls {
  /** What of the server's certificate is checked: nothing, who issued it, or also that it is for our host. */
  check: 'nothing' | 'issuer' | 'name'
  /** The file of the authorities that may have issued it; those that Node trusts where there is none. */
  authorities?: string
}

/**
 * Reads a `postgres://` URL as libpq does: percent-encoded parts, `?host=/folder` for a Unix socket, `sslmode`,
 * `sslrootcert`. The URL has been checked by the configuration; throws `TypeError` on what is no URL, and
 * `StartError` on an `sslmode` that nobody knows: it might have been meant to encrypt.
 */
export function readPostgresUrl(value: string): PostgresAddress {
  const url = new URL(value)
  const { searchParams } = url
  const username = decodeURIComponent(url.username)
  const password = decodeURIComponent(url.password)
  const host =
    searchParams.get('host') ?? (decodeURIComponent(url.hostname).replace(/^\[|\]$/g, '') || 'localhost')
  const tls = readTls(searchParams)
  return {
    host,
    port: Number(url.port || searchParams.get('port')) || 5432,
    database: decodeURIComponent(url.pathname.slice(1)),
    ...(username === '' ? {} : { username }),
    ...(password === '' ? {} : { password }),
    // A Unix socket does not leave the machine, and Postgres speaks no TLS over it.
    tls: host.startsWith('/') ? false : tls,
  }
}

function readTls(parameters: URLSearchParams): PostgresAddress['tls'] {
  const file = parameters.get('sslrootcert') ?? 'system'
  const authorities = file === 'system' ? {} : { authorities: file }
  switch (modeOf(parameters)) {
    // libpq would encrypt where the server offers it, which promises nothing.
    case 'disable':
    case 'allow':
    case 'prefer':
      return false
    case 'require':
      return file === 'system' ? { check: 'nothing' } : { check: 'issuer', ...authorities }
    case 'no-verify':
      return { check: 'nothing' }
    case 'verify-ca':
      // Everybody can have a certificate of an authority that all trust: there the name is what tells.
      return file === 'system' ? { check: 'name' } : { check: 'issuer', ...authorities }
    case 'verify-full':
      return { check: 'name', ...authorities }
    default:
      throw new StartError(
        'DATABASE_URL has an sslmode that is not known.',
        'Use disable, require, verify-ca or verify-full.',
      )
  }
}

/** Whoever names the authorities wants them asked. */
function modeOf(parameters: URLSearchParams): string {
  const mode = parameters.get('sslmode')
  if (mode !== null) return mode
  if (parameters.has('sslrootcert')) return 'verify-full'
  return parameters.get('ssl') === 'true' ? 'require' : 'disable'
}
