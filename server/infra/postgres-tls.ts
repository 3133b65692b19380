import { readFileSync } from 'node:fs'
import type { ConnectionOptions } from 'node:tls'
import type { PostgresTls } from './postgres-url.ts'
import { StartError } from './start-error.ts'

/** What Node is told about an encrypted connection. Throws `StartError` where the authorities cannot be read. */
export function tlsOptions({ check, authorities }: PostgresTls): ConnectionOptions {
  return {
    rejectUnauthorized: check !== 'nothing',
    ...(check === 'issuer' ? { checkServerIdentity: () => undefined } : {}),
    ...(authorities === undefined ? {} : { ca: readAuthorities(authorities) }),
  }
}

function readAuthorities(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    const what = `The file ${path}, which DATABASE_URL names as sslrootcert, cannot be read.`
    throw new StartError(what, 'Correct its path, or let the user that runs Parlor read it.', error)
  }
}
