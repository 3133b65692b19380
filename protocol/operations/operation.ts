import type { Static, TObject, TSchema } from 'typebox'
import type { ErrorCode } from '../errors.ts'
import type { AdminRole } from '../roles.ts'

/**
 * What a request shows to be served. `widget_key`: the publishable key in the body or query, from an allowed origin.
 * `session_token`, `secret_key` and an admin's `access_token`: in `Authorization` as Bearer. `refresh_cookie`: a cookie
 * that signing in gave, from a page of ours. `webhook_signature`: the headers of Standard Webhooks.
 */
export type Credential =
  'widget_key' | 'session_token' | 'secret_key' | 'access_token' | 'refresh_cookie' | 'webhook_signature'

/** The chapters of the API. */
export type Tag = 'Chat' | 'Sessions' | 'Knowledge' | 'Tools' | 'Widget' | 'Admin' | 'Operation'

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

/**
 * Which people of the business may ask. `least` is the role that it takes. `of` says whose people: `client`, those of
 * the client in the path and the installation's own; `installation`, the installation's own alone; `anyone`, whoever is
 * signed in, and each is told of what concerns its own client.
 */
export interface Audience {
  least: AdminRole
  of: 'anyone' | 'client' | 'installation'
}

/** `:name` stands for one segment of the path. */
export type OperationKey = `${Method} /${string}`

/**
 * One thing that can be asked over HTTP, as it is checked, documented and typed: the router, the OpenAPI document and
 * the client all read this.
 */
export interface Operation {
  /** What programs call it; unique. */
  id: string
  /** A few words in the imperative, without a full stop. */
  summary: string
  /** Whatever else must be known to use it; Markdown. */
  description?: string
  tag: Tag
  /** Any one of these; none: anybody may ask. */
  credentials: readonly Credential[]
  /** Of what takes an `access_token`. */
  audience?: Audience
  /** Whole numbers arrive as numbers, everything else as text. */
  query?: { schema: TObject; example: object }
  /** `bytes` where it may be larger than others are. */
  body?: { schema: TSchema; example: object; bytes?: number }
  /** The body is a file as it is: of one of these media types, of so many bytes at most. */
  upload?: { types: readonly string[]; bytes: number }
  success: Success
  /** What it may fail with, besides what any request may fail with (`COMMON_ERRORS`). */
  errors: readonly ErrorCode[]
}

export interface Success {
  status: 200 | 201
  description: string
  /** The media type that comes back; JSON where none is named. */
  type?: string
  schema: TSchema
  example: unknown
  /** Media types that can be asked for instead of JSON, each with what it holds; Markdown. */
  also?: Readonly<Record<string, string>>
}

/** What any request may fail with. */
export const COMMON_ERRORS = ['payload_too_large', 'internal', 'unavailable'] as const satisfies ErrorCode[]

/** The checked body of an operation; undefined where it has none. */
export type BodyOf<O extends Operation> = O extends { body: { schema: infer S extends TSchema } }
  ? Static<S>
  : undefined

/** The checked query of an operation; undefined where it has none. */
export type QueryOf<O extends Operation> = O extends { query: { schema: infer S extends TSchema } }
  ? Static<S>
  : undefined

/** What an operation answers with. */
export type DataOf<O extends Operation> = Static<O['success']['schema']>
