import type { ArchiveConfig } from '../../config/archive.ts'
import type { ArchiveStore } from './store.ts'

/** Milliseconds for one file, tries included. */
const LIMIT_MS = 120_000

type Bucket = Extract<ArchiveConfig, { kind: 's3' }>

/** A bucket of Amazon's S3, or of a server that speaks as it does. The SDK is loaded when it is first needed. */
export function createS3Store(bucket: Bucket): ArchiveStore {
  let opened: ReturnType<typeof load> | null = null
  const open = () => (opened ??= load(bucket))
  const within = (signal: AbortSignal) => ({
    abortSignal: AbortSignal.any([signal, AbortSignal.timeout(LIMIT_MS)]),
  })
  const placeOf = (name: string) => ({ Bucket: bucket.bucket, Key: `${bucket.prefix}${name}` })
  return {
    async put(name, body, signal) {
      const { sdk, client } = await open()
      const ContentType = name.endsWith('.json') ? 'application/json' : 'application/gzip'
      await client.send(
        new sdk.PutObjectCommand({ ...placeOf(name), Body: body, ContentType }),
        within(signal),
      )
    },
    async get(name, signal) {
      const { sdk, client } = await open()
      try {
        const { Body } = await client.send(new sdk.GetObjectCommand(placeOf(name)), within(signal))
        return Body ? Buffer.from(await Body.transformToByteArray()) : null
      } catch (error) {
        if (error instanceof sdk.NoSuchKey) return null
        throw error
      }
    },
  }
}

async function load({ region, endpoint, credentials }: Bucket) {
  const sdk = await import('@aws-sdk/client-s3')
  const client = new sdk.S3Client({
    region,
    // Servers of other makers mostly have no host name for each bucket.
    ...(endpoint !== null && { endpoint, forcePathStyle: true }),
    ...(credentials && { credentials }),
  })
  return { sdk, client }
}
