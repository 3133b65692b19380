import { createHash, createHmac } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { crc32 } from 'node:zlib'
import { Inbox } from './inbox.ts'

/** What S3 answers in the place of what was asked; the number says how often. */
export interface Mishap {
  times: number
  happens: 'slow down' | 'cut off' | 'silence' | 'altered'
}

export interface StandInS3 {
  /** Without a slash at its end. */
  endpoint: string
  /** What is in the bucket, by its key. */
  readonly objects: Map<string, Buffer>
  /** The requests, as `PUT key`. */
  readonly asked: Inbox<string>
  next: Mishap
  close(): Promise<void>
}

export const S3_KEYS = {
  accessKeyId: 'AKIDEXAMPLE',
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
}
export const S3_PLACE = { bucket: 'parlor-archive', region: 'eu-central-1' }

/**
 * A server that answers as S3 does, by path: it takes nothing whose signature, hash or checksum is not right. Signature
 * version 4 as AWS documents it for S3; errors as its API reference has them.
 */
export async function startStandInS3(): Promise<StandInS3> {
  const objects = new Map<string, Buffer>()
  const asked = new Inbox<string>('request to S3')
  const state: StandInS3 = {
    ...{ endpoint: '', objects, asked, next: { times: 0, happens: 'silence' } },
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
  const server = createServer((request, response) => {
    void answer(state, request, response).catch(() => response.destroy())
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  state.endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return state
}

async function answer(state: StandInS3, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const body = await buffer(request)
  const [, bucket = '', ...names] = decodeURIComponent(request.url!.split('?')[0]!).split('/')
  const key = names.join('/')
  state.asked.put(`${request.method!} ${key}`)
  const mishap = state.next.times-- > 0 ? state.next.happens : null
  const fault =
    mishap === 'slow down' ? SLOW_DOWN : (faultOf(request, body) ?? placeFault(state, bucket, key, request))
  if (mishap === 'silence') return
  if (mishap === 'cut off') response.destroy()
  else if (fault !== null) refuse(response, fault)
  else if (request.method === 'PUT') {
    state.objects.set(key, body)
    response.writeHead(200, { etag: etag(body), 'content-length': 0 }).end()
  } else give(response, state.objects.get(key)!, mishap === 'altered')
}

function give(response: ServerResponse, kept: Buffer, isAltered: boolean): void {
  const headers = { etag: etag(kept), 'content-length': kept.length, 'x-amz-checksum-crc32': checksum(kept) }
  response.writeHead(200, headers).end(isAltered ? Buffer.from(kept).reverse() : kept)
}

type Fault = [status: number, code: string, message: string]

const SLOW_DOWN: Fault = [503, 'SlowDown', 'Please reduce your request rate.']

function placeFault(
  { objects }: StandInS3,
  bucket: string,
  key: string,
  { method }: IncomingMessage,
): Fault | null {
  if (bucket !== S3_PLACE.bucket) return [404, 'NoSuchBucket', 'The specified bucket does not exist']
  const isThere = method === 'PUT' || objects.has(key)
  return isThere ? null : [404, 'NoSuchKey', 'The specified key does not exist.']
}

/** Why S3 would take none of it; null where all is right. */
function faultOf({ method, url, headers }: IncomingMessage, body: Buffer): Fault | null {
  const parts =
    /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/s3\/aws4_request, SignedHeaders=([^,]+), Signature=([0-9a-f]{64})$/.exec(
      headers.authorization ?? '',
    )
  if (!parts) return [403, 'AccessDenied', 'Access Denied']
  const [, id, day = '', region = '', names = '', signature] = parts
  if (id !== S3_KEYS.accessKeyId) return [403, 'InvalidAccessKeyId', 'The AWS Access Key Id does not exist.']
  if (region !== S3_PLACE.region) return [400, 'AuthorizationHeaderMalformed', 'The region is wrong.']
  const said = String(headers['x-amz-content-sha256'])
  if (said !== hex(body)) return [400, 'XAmzContentSHA256Mismatch', 'The hash is not that of what was sent.']
  const sum = headers['x-amz-checksum-crc32']
  if (sum !== undefined && sum !== checksum(body)) return [400, 'BadDigest', 'The CRC32 did not match.']
  if (method === 'PUT' && sum === undefined) return [400, 'InvalidRequest', 'A checksum is wanted.']
  const [path = '', query = ''] = url!.split('?')
  const lines = names.split(';').map((name) => `${name}:${String(headers[name]).trim()}\n`)
  const sorted = query.split('&').sort().join('&')
  const canonical = [method, path, sorted, lines.join(''), names, said].join('\n')
  const scope = `${day}/${region}/s3/aws4_request`
  const text = ['AWS4-HMAC-SHA256', headers['x-amz-date'], scope, hex(canonical)].join('\n')
  const secret = [day, region, 's3', 'aws4_request'].reduce<string | Buffer>(
    (key, part) => createHmac('sha256', key).update(part).digest(),
    `AWS4${S3_KEYS.secretAccessKey}`,
  )
  const expected = createHmac('sha256', secret).update(text).digest('hex')
  return expected === signature ? null : [403, 'SignatureDoesNotMatch', 'The signature does not match.']
}

function refuse(response: ServerResponse, [status, code, message]: Fault): void {
  const body = `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>${message}</Message><RequestId>4442587FB7D0A2F9</RequestId></Error>`
  response.writeHead(status, { 'content-type': 'application/xml' }).end(body)
}

const hex = (body: Buffer | string) => createHash('sha256').update(body).digest('hex')
const etag = (body: Buffer) => `"${createHash('md5').update(body).digest('hex')}"`

function checksum(body: Buffer): string {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(crc32(body))
  return bytes.toString('base64')
}
