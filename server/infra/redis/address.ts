/** Where a Redis is and who we are there. */
export interface RedisAddress {
  kind: 'single' | 'sentinel' | 'cluster'
  /** The server, the sentinels, or some nodes of the cluster. */
  hosts: [RedisHost, ...RedisHost[]]
  /** The name under which the sentinels know the server; only with them. */
  master?: string
  /** Always 0 in a cluster, which has no other. */
  database: number
  username?: string
  password?: string
  /** Encrypted, the certificate checked, also for its name; by these authorities where a file is named. */
  tls: false | { authorities?: string }
}

export interface RedisHost {
  host: string
  port: number
}

const URL_FORM =
  /^redis(s?)(?:\+(sentinel|cluster))?:\/\/(?:([^@/]*)@)?([^@/?#]+)(?:\/([^?#]*))?(?:\?([^#]*))?$/
const HOST_FORM = /^(\[[\da-f:.]+\]|[a-z0-9_]([a-z0-9_.-]*[a-z0-9_])?)(?::(\d{1,5}))?$/i

/**
 * Reads the URLs that Redis tools share, and those of its two other forms:
 * `redis://[user:password@]host[:port][/database]`, `redis+sentinel://host:port,host:port/master[/database]`,
 * `redis+cluster://host:port,host:port`; `rediss` encrypts, and `?tlsrootcert=` names a file of authorities. A
 * password alone may stand as `:password@`. Null: none of these.
 */
export function readRedisUrl(value: string): RedisAddress | null {
  const match = URL_FORM.exec(value)
  if (!match) return null
  const [, encrypted, form = 'single', credentials = '', list = '', path = '', query = ''] = match
  const kind = form as RedisAddress['kind']
  const [first, ...more] = list.split(',').map((host) => readHost(host, kind === 'sentinel' ? 26_379 : 6379))
  const place = readPath(path, kind)
  const login = readCredentials(credentials)
  const parameters = new URLSearchParams(query)
  if (!first || more.includes(null) || !place || !login) return null
  if (kind === 'single' && more.length > 0) return null
  if ([...parameters.keys()].some((name) => name !== 'tlsrootcert')) return null
  const authorities = parameters.get('tlsrootcert')
  return {
    kind,
    hosts: [first, ...more.filter((host) => host !== null)],
    ...place,
    ...login,
    tls: encrypted === '' ? false : authorities === null ? {} : { authorities },
  }
}

function readHost(text: string, defaultPort: number): RedisHost | null {
  const match = HOST_FORM.exec(text)
  if (!match) return null
  const port = match[3] === undefined ? defaultPort : Number(match[3])
  return port > 0 && port < 65_536 ? { host: (match[1] ?? '').replace(/^\[|\]$/g, ''), port } : null
}

function readPath(path: string, kind: RedisAddress['kind']): { database: number; master?: string } | null {
  const parts = path === '' ? [] : path.split('/')
  const master = kind === 'sentinel' ? parts.shift() : undefined
  const [database = '0', ...rest] = parts
  if (rest.length > 0 || !/^\d{1,4}$/.test(database)) return null
  if (kind === 'cluster' && Number(database) !== 0) return null
  if (kind !== 'sentinel') return { database: Number(database) }
  return master ? { database: Number(database), master: decoded(master) } : null
}

function readCredentials(text: string): { username?: string; password?: string } | null {
  const colon = text.indexOf(':')
  const [name, password] = colon < 0 ? [text, ''] : [text.slice(0, colon), text.slice(colon + 1)]
  try {
    return {
      ...(name === '' ? {} : { username: decodeURIComponent(name) }),
      ...(password === '' ? {} : { password: decodeURIComponent(password) }),
    }
  } catch {
    return null
  }
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
