import type { Connection } from 'mysql2'
import type { Looked } from '../engine.ts'
import { isMariadb, run } from './connection.ts'

/** Tells who we are in a MySQL, and what we might do there beside reading. */
export async function look(connection: Connection, serverVersion: string): Promise<Looked> {
  const rows = await run(connection, 'SHOW GRANTS')
  const grants = rows.map((row) => (Array.isArray(row) ? String(row[0]) : ''))
  const more = new Set(grants.flatMap(privilegesIn).filter((one) => !HARMLESS.has(one)))
  const version = serverVersion.replace(/^5\.5\.5-/, '').replace(/-.*$/s, '')
  return {
    product: `${isMariadb(serverVersion) ? 'MariaDB' : 'MySQL'} ${version}`,
    warnings: more.size === 0 ? [] : [`The user may do more than read: ${[...more].slice(0, 8).join(', ')}.`],
  }
}

const HARMLESS = new Set(['USAGE', 'SELECT', 'SHOW VIEW', 'SHOW DATABASES'])

/** ``GRANT SELECT, INSERT (`a`, `b`) ON `shop`.* TO ...``; a role that is granted stands for itself. */
function privilegesIn(grant: string): string[] {
  const [, list = ''] = /^GRANT (.+?) (?:ON|TO) /is.exec(grant) ?? []
  return list
    .replace(/\([^)]*\)/g, '')
    .split(',')
    .map((one) => one.trim())
    .filter((one) => one !== '')
}
