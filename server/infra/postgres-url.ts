/** Where a Postgres is and who we are there. */
export interface PostgresAddress {
  /** A host name, an address, or the folder of a Unix socket. */
  host: string
  port: number
  database: string
  username?: string
  password?: string
  tls: false | { rejectUnauthorized: boolean }
}

/**
 * Reads a `postgres://` URL as libpq does: percent-encoded parts, `?host=/folder` for a Unix socket, `sslmode`.
 * `require` encrypts without checking the certificate, `verify-ca` and `verify-full` check it, all others do not
 * encrypt. The URL has been checked by the configuration; throws `TypeError` on what is no URL.
 */
export function readPostgresUrl(value: string): PostgresAddress {
  const url = new URL(value)
  const { searchParams } = url
  const username = decodeURIComponent(url.username)
  const password = decodeURIComponent(url.password)
  return {
    host:
      searchParams.get('host') ?? (decodeURIComponent(url.hostname).replace(/^\[|\]$/g, '') || 'localhost'),
    port: Number(url.port || searchParams.get('port')) || 5432,
    database: decodeURIComponent(url.pathname.slice(1)),
    ...(username === '' ? {} : { username }),
    ...(password === '' ? {} : { password }),
    tls: readSslMode(searchParams.get('sslmode') ?? 'disable'),
  }
}

function readSslMode(mode: string): PostgresAddress['tls'] {
  if (mode === 'verify-ca' || mode === 'verify-full') return { rejectUnauthorized: true }
  return mode === 'require' || mode === 'no-verify' ? { rejectUnauthorized: false } : false
}
