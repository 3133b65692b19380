import type { TSchema } from 'typebox'
import type { ToolPolicy } from '../../models/client-tool.ts'
import type { IntegrationType } from '../../models/client-integration.ts'
import type { Json } from '../../models/tool-execution.ts'
import type { Outbound } from '../infra/outbound/index.ts'

/**
 * A kind of system that a client can connect: how it is described, tried and asked. It knows no database, and holds
 * nothing open between calls. Names of functions, caching, breakers, repeating, masking and the record of calls are
 * the same for all kinds, and made around it.
 */
export interface IntegrationKind<Config = unknown, Credentials = unknown, Request = unknown> {
  type: IntegrationType
  /** Of what is kept readable: addresses, options. Closed to unknown properties. */
  config: TSchema
  /** Of what is kept sealed, and told to nobody again. Closed to unknown properties. */
  credentials: TSchema
  /** How functions are defined by hand, by what each asks; null: this kind brings all of its own. */
  endpoints: EndpointKind<Config, Request> | null
  /**
   * What is wrong with what fits the schemas, as a sentence for a person; null: nothing. Addresses that may never be
   * reached belong here. `credentials` null: they are not entered yet, which is no fault.
   */
  faultOf(config: Config, credentials: Credentials | null): string | null
  /** To whom the credentials are told, such as an origin. Where it changes, they have to be entered again. */
  homeOf(config: Config): string
  /** Tries whether it can be used. Changes nothing on the other side. Rejects with the signal's reason. */
  test(connection: Connection<Config, Credentials>, signal: AbortSignal): Promise<Verdict>
  /** What models may ask of it. */
  functions(config: Config, endpoints: readonly Endpoint<Request>[]): IntegrationFunction<Request>[]
  /** Asks once; what may be repeated is repeated around it. Rejects with the signal's reason. */
  fetch(
    connection: Connection<Config, Credentials>,
    asked: Asked<Request>,
    signal: AbortSignal,
  ): Promise<Fetched>
}

/** What a kind is made of. */
export interface KindParts {
  outbound: Outbound
  /** Pairs of host and port that may be private: the operator's. */
  allow: readonly string[]
  /** Milliseconds, by a clock that never goes back. */
  now: () => number
}

/** How functions of a kind are defined by hand. */
export interface EndpointKind<Config, Request> {
  /** Of `Endpoint.request`. Closed to unknown properties. `url` and `method` in it have columns of their own. */
  request: TSchema
  /** What is wrong with one whose request fits the schema, as a sentence for a person; null: nothing. */
  faultOf(endpoint: Endpoint<Request>, config: Config): string | null
}

/** An integration of a client, as it is asked. */
export interface Connection<Config = unknown, Credentials = unknown> {
  id: string
  /** Rises with every change of the integration. What is remembered of an earlier one holds no more. */
  version: number
  config: Config
  /** Null: none are entered. */
  credentials: Credentials | null
}

/** A function that somebody defined for an integration. */
export interface Endpoint<Request = unknown> extends FunctionTraits {
  /** What it asks, in the kind's own form. */
  request: Request
}

/** What is known of a function, whoever defined it. */
export interface FunctionTraits {
  /** Unique in its integration; models know it as `INTEGRATION_NAME`. Letters, digits, `_` and `-`. */
  name: string
  /** For models: what it tells, when to ask it, and when not. */
  description: string
  /** JSON Schema of its arguments, an object. Held against them before `fetch`. */
  parameters: Record<string, unknown>
  /** `read`: it changes nothing, so it may be asked again. `confirm`: the visitor agrees first. */
  policy: ToolPolicy
  /** It tells of one visitor: nobody but a proven visitor gets it, and nobody else gets what was cached of it. */
  personal: boolean
  /** What it returns may be written by anybody, and hold instructions: reviews, notes, mail. */
  returnsOthersWords: boolean
  /** Milliseconds for which its answers are cached; 0: never. Only those of `read` are. */
  cacheFor: number
  /** What the visitor reads while it works; null: its name. */
  label: string | null
}

/** A function that models may ask. */
export interface IntegrationFunction<Request = unknown> extends FunctionTraits {
  /** Null: the kind's own. */
  endpoint: Endpoint<Request> | null
}

/** One call of a function, its arguments checked. */
export interface Asked<Request = unknown> {
  fn: IntegrationFunction<Request>
  /** The model's words: whatever a visitor talked it into, as far as the schema lets it. */
  given: Record<string, unknown>
  /** The visitor's id as the business has proved it, never from arguments; null where `fn` is not personal. */
  user: string | null
  /** The same whenever the same call is made again. */
  key: string
  /** Milliseconds that are left for it, at most 30,000. */
  timeLeft: number
}

/** What it came to. Failures are told in words for models and people alike, without credentials. */
export type Fetched = { ok: true; data: Json } | Failure

export interface Failure {
  ok: false
  problem: Problem
  /** A sentence. */
  message: string
  /** More, for people of the business alone: what of their own set-up is at fault, and where. Without credentials. */
  detail?: string
  /** The other side may have read it, so it may have had an effect. */
  sent: boolean
  /** Of `throttled`: milliseconds after which asking again makes sense. */
  retryAfter?: number
}

/** Why there is no data. */
export type Problem =
  /** Nothing was asked: by our own rules. */
  | 'refused'
  /** Nothing was asked: it tells of one visitor, and who this one is was not proved. */
  | 'not_signed_in'
  /** Nothing was asked: it failed so often that it is left alone for a moment. */
  | 'paused'
  /** Nobody there. */
  | 'unreachable'
  | 'timeout'
  /** The connection ended in the middle. */
  | 'broken'
  /** It is busy or down for a moment, and says so (502, 503, 504). */
  | 'unavailable'
  /** It asks to be left alone for a while. */
  | 'throttled'
  /** It does not take the credentials, or there are none. */
  | 'unauthorized'
  /** The credentials do not reach as far as what was asked. */
  | 'forbidden'
  | 'not_found'
  /** It says no to what was asked, and why. */
  | 'rejected'
  /** It broke over it (500, errors of its own). */
  | 'failing'
  | 'too_large'
  /** Its answer is none that can be read: a page, a redirect, broken JSON. */
  | 'unreadable'

/** The outcome of trying a connection, for a person: that it works, or what is wrong and what to do. */
export interface Verdict {
  ok: boolean
  /** One or two sentences, without credentials. */
  message: string
}
