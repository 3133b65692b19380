import { isAbsolute, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Variables } from './variables.ts'

/** Where messages are archived before they are removed. */
export type ArchiveConfig =
  | { kind: 'folder'; path: string }
  | {
      kind: 's3'
      bucket: string
      /** Before each name; empty, or with a slash at its end. */
      prefix: string
      region: string
      /** Of a server that speaks as S3 does; null: Amazon's. */
      endpoint: string | null
      /** Null: as the AWS SDK finds it, such as by the role of the machine. */
      credentials: { accessKeyId: string; secretAccessKey: string } | null
    }

const EXPECTED =
  'a folder, or s3://bucket/prefix?region=eu-central-1, with &endpoint=https://... for what is not Amazon’s'

/** Null: nothing is archived. */
export function readArchive(variables: Variables): ArchiveConfig | null {
  const key = variables.take('ARCHIVE_ACCESS_KEY', null, 'the id of an access key', (text) => text, 'secret')
  const secret = variables.take('ARCHIVE_SECRET_KEY', null, 'its secret', (text) => text, 'secret')
  const credentials = key !== null && secret !== null ? { accessKeyId: key, secretAccessKey: secret } : null
  return variables.take('ARCHIVE_URL', null, EXPECTED, (text) => readUrl(text, credentials))
}

function readUrl(
  text: string,
  credentials: { accessKeyId: string; secretAccessKey: string } | null,
): ArchiveConfig | null {
  if (isAbsolute(text) || text.startsWith('./')) return { kind: 'folder', path: resolve(text) }
  if (!URL.canParse(text)) return null
  const url = new URL(text)
  if (url.protocol === 'file:') return url.host === '' ? { kind: 'folder', path: fileURLToPath(url) } : null
  if (url.protocol !== 's3:' || url.host === '' || url.username !== '') return null
  const endpoint = url.searchParams.get('endpoint')
  if (endpoint !== null && !(URL.canParse(endpoint) && /^https?:/.test(endpoint))) return null
  const path = url.pathname.replace(/^\/+|\/+$/g, '')
  return {
    ...{ kind: 's3', bucket: url.host, prefix: path === '' ? '' : `${path}/`, endpoint, credentials },
    region: url.searchParams.get('region') ?? 'us-east-1',
  }
}
