import type { FieldPacket } from 'mysql2'
import type { Json } from '../../../../models/tool-execution.ts'
import { readJson } from '../read-json.ts'

/** https://dev.mysql.com/doc/dev/mysql-server/latest/field__types_8h.html */
const TYPES = { FLOAT: 4, TIMESTAMP: 7, DATETIME: 12, BIT: 16, JSON: 245 } as const
const BYTES: ReadonlySet<number> = new Set([15, 249, 250, 251, 252, 253, 254, 255])
/** The character set of what has none. */
const NO_CHARACTERS = 63

/** Bytes and shapes, which no model reads. */
export function isBinary({ columnType = 0, characterSet }: FieldPacket): boolean {
  return characterSet === NO_CHARACTERS && BYTES.has(columnType)
}

/** A value as JSON has it, of what the library gives; times are ISO 8601, without an offset, as MySQL keeps them. */
export function readValue(value: unknown, { columnType }: FieldPacket): Json {
  if (value === null || value === undefined) return null
  if (columnType === TYPES.BIT && Buffer.isBuffer(value)) return bits(value)
  if (typeof value === 'number') return columnType === TYPES.FLOAT ? Number(value.toPrecision(6)) : value
  const text = (typeof value === 'string' ? value : JSON.stringify(value)).replaceAll('\0', '')
  switch (columnType) {
    case TYPES.TIMESTAMP:
    case TYPES.DATETIME:
      return text.replace(' ', 'T')
    case TYPES.JSON:
      return readJson(text)
    default:
      return text
  }
}

/** BIT(1) is how yes and no are often kept. */
function bits(value: Buffer): number | string {
  const number = BigInt(`0x${value.toString('hex') || '0'}`)
  return number <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(number) : String(number)
}
