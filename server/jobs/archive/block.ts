import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { gunzipSync, gzipSync } from 'node:zlib'

/** A row of a table, as archives, exports and what is restored have it. */
export interface TableRow {
  table: string
  row: Record<string, unknown>
}

/** Whose block it is: what was sealed for one opens for no other. */
export interface BlockPlace {
  day: string
  client_id: string
  visitor_id: string
}

const CIPHER = 'aes-256-gcm'
/** Bytes: what NIST SP 800-38D recommends of a nonce, and all that it allows of a tag. */
const NONCE = 12
const TAG = 16

/** Bytes of a visitor's key. */
export const KEY_BYTES = 32

/** The rows as NDJSON, compressed, then encrypted: nonce, ciphertext, tag. */
export function sealBlock(rows: readonly TableRow[], key: Buffer, place: BlockPlace): Buffer {
  const nonce = randomBytes(NONCE)
  const cipher = createCipheriv(CIPHER, key, nonce, { authTagLength: TAG }).setAAD(boundTo(place))
  const text = rows.map((row) => `${JSON.stringify(row)}\n`).join('')
  return Buffer.concat([nonce, cipher.update(gzipSync(text)), cipher.final(), cipher.getAuthTag()])
}

/** Throws where it was altered, or sealed for another place or with another key. */
export function openBlock(sealed: Buffer, key: Buffer, place: BlockPlace): TableRow[] {
  const decipher = createDecipheriv(CIPHER, key, sealed.subarray(0, NONCE), { authTagLength: TAG })
  decipher.setAAD(boundTo(place)).setAuthTag(sealed.subarray(-TAG))
  const packed = Buffer.concat([decipher.update(sealed.subarray(NONCE, -TAG)), decipher.final()])
  return gunzipSync(packed)
    .toString('utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as TableRow)
}

function boundTo({ day, client_id, visitor_id }: BlockPlace): Buffer {
  return Buffer.from(`${day}/${client_id}/${visitor_id}`)
}
