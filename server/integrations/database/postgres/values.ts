import pg from 'pg'
import type { Json } from '../../../../models/tool-execution.ts'
import { readJson } from '../read-json.ts'

/** OIDs of built-in types: https://github.com/postgres/postgres/blob/master/src/include/catalog/pg_type.dat */
const TYPE = {
  ...{
    BOOL: 16,
    BYTEA: 17,
    INT8: 20,
    INT2: 21,
    INT4: 23,
    TEXT: 25,
    OID: 26,
    JSON: 114,
    FLOAT4: 700,
    FLOAT8: 701,
  },
  ...{ BYTEA_ARRAY: 1001, TEXT_ARRAY: 1009, VARCHAR: 1043, DATE: 1082, TIMESTAMP: 1114, TIMESTAMPTZ: 1184 },
  ...{ NUMERIC: 1700, UUID: 2950, JSONB: 3802 },
} as const

/** Types of arrays, and what is in them. All others are read as text. */
const ARRAYS: ReadonlyMap<number, number> = new Map<number, number>([
  [1000, TYPE.BOOL],
  [1005, TYPE.INT2],
  [1007, TYPE.INT4],
  [1016, TYPE.INT8],
  [1021, TYPE.FLOAT4],
  [1022, TYPE.FLOAT8],
  [1231, TYPE.NUMERIC],
  [TYPE.TEXT_ARRAY, TYPE.TEXT],
  [1015, TYPE.VARCHAR],
  [1182, TYPE.DATE],
  [1115, TYPE.TIMESTAMP],
  [1185, TYPE.TIMESTAMPTZ],
  [2951, TYPE.UUID],
  [3807, TYPE.JSONB],
])

/** Bytes, which no model reads. */
export function isBinary(type: number): boolean {
  return type === TYPE.BYTEA || type === TYPE.BYTEA_ARRAY
}

/**
 * A value as JSON has it, of the text that Postgres writes with DateStyle ISO. Nothing of a number is lost: where
 * JavaScript has none that is the same, it stays a text. Times are ISO 8601, with the database's own offset.
 */
export function readValue(text: string, type: number): Json {
  const inside = ARRAYS.get(type)
  if (inside !== undefined) return arrayOf(text, inside)
  switch (type) {
    case TYPE.BOOL:
      return text === 't'
    case TYPE.INT2:
    case TYPE.INT4:
    case TYPE.INT8:
    case TYPE.OID:
    case TYPE.FLOAT4:
    case TYPE.FLOAT8:
      return exactNumber(text)
    case TYPE.TIMESTAMP:
    case TYPE.TIMESTAMPTZ:
      return isoTime(text)
    case TYPE.JSON:
    case TYPE.JSONB:
      return readJson(text)
    default:
      return text
  }
}

function exactNumber(text: string): Json {
  const number = Number(text)
  if (!Number.isFinite(number)) return text
  return Number.isInteger(number) && !Number.isSafeInteger(number) ? text : number
}

/** `2026-11-23 15:17:38.47+00`; what has no year of four digits, such as `infinity`, stays as it is. */
function isoTime(text: string): string {
  return text.replace(
    /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d(?:\.\d+)?)(?:([+-]\d\d)(:\d\d)?)?$/,
    (_, day: string, time: string, hours?: string, minutes?: string) =>
      `${day}T${time}${hours === undefined ? '' : `${hours}${minutes ?? ':00'}`}`,
  )
}

/** `pg` is typed as if it could read no arrays. */
const READERS = pg.types as unknown as { getTypeParser: (type: number) => (text: string) => Nested }

function arrayOf(text: string, inside: number): Json {
  const readTexts = READERS.getTypeParser(TYPE.TEXT_ARRAY)
  return readEach(readTexts(text), inside)
}

type Nested = string | null | Nested[]

function readEach(value: Nested, inside: number): Json {
  if (Array.isArray(value)) return value.map((one) => readEach(one, inside))
  return value === null ? null : readValue(value, inside)
}
