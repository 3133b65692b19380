import type { Database, Statement } from '../infra/database.ts'
import { isHttpsAddress } from '../infra/https-address.ts'

/** Characters of a policy's sources: heads of answers are to pass any proxy. */
const LONGEST = 1_500

/** Faces of the people who may join a chat of client $1, those who were there last first. $2 how many */
const FACES: Statement = {
  name: 'http/faces',
  text: `
    SELECT avatar_url FROM admins
    WHERE (client_id = $1::uuid OR client_id IS NULL) AND disabled_at IS NULL AND role <> 'analyst'
      AND avatar_url IS NOT NULL
    ORDER BY last_seen_at DESC NULLS LAST, id LIMIT $2::int`,
}

const MOST_FACES = 50

/** The addresses of the faces of those who may join a chat of this client. */
export async function readFaces(database: Pick<Database, 'run'>, clientId: string): Promise<string[]> {
  const rows = await database.run<{ avatar_url: string }>(FACES, [clientId, MOST_FACES])
  return rows.map(({ avatar_url }) => avatar_url)
}

/**
 * Sources of a policy from which these pictures can be loaded and as little else as can be: each by its path, or where
 * that would be too long, by their origins, as many as fit. What is no https address is left out.
 */
export function imageSources(addresses: readonly (string | undefined)[]): string[] {
  const urls = addresses
    .filter((address) => address !== undefined)
    .filter(isHttpsAddress)
    .map((address) => new URL(address))
  const exact = new Set(urls.map(({ origin, pathname }) => `${origin}${pathname.replace(/[;,'*]/g, escape)}`))
  if ([...exact].join(' ').length <= LONGEST) return [...exact]
  const sources: string[] = []
  for (const origin of new Set(urls.map((url) => url.origin)))
    if ([...sources, origin].join(' ').length <= LONGEST) sources.push(origin)
  return sources
}

/** What would end a source or stand for others. */
function escape(char: string): string {
  return `%${char.charCodeAt(0).toString(16).toUpperCase()}`
}
