import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ServerCertificate } from './own-postgres.ts'

/** A certificate authority of the test's own, made with openssl, which comes with Postgres. */
export interface Authority {
  /** The file of its certificate. */
  certificate: string
  key: string
}

/** Makes an authority that nobody trusts yet. Files are put into `folder`. */
export function makeAuthority(folder: string, name: string): Authority {
  const certificate = join(folder, `${name}.crt`)
  const key = join(folder, `${name}.key`)
  openssl('req', '-x509', '-days', '2', '-subj', `/CN=${name}`, ...newKey(key), '-out', certificate)
  return { certificate, key }
}

/** A server's certificate for these names, as openssl writes them: `DNS:localhost`, `IP:127.0.0.1`. */
export function issueCertificate(
  folder: string,
  authority: Authority,
  names: readonly string[],
): ServerCertificate {
  const [request, extensions] = [join(folder, 'server.csr'), join(folder, 'server.ext')]
  const [certificate, key] = [join(folder, 'server.crt'), join(folder, 'server.key')]
  writeFileSync(extensions, `subjectAltName=${names.join(',')}\n`)
  openssl('req', '-new', '-subj', '/CN=server', ...newKey(key), '-out', request)
  const by = ['-CA', authority.certificate, '-CAkey', authority.key, '-CAcreateserial']
  openssl('x509', '-req', '-days', '2', '-in', request, ...by, '-extfile', extensions, '-out', certificate)
  return { certificate, key }
}

function newKey(path: string): string[] {
  return ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-keyout', path]
}

function openssl(...parameters: string[]): void {
  execFileSync('openssl', parameters, { stdio: 'pipe' })
}
