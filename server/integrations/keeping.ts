import type { Transaction } from 'sequelize'
import type { Actor } from '../../models/actor.ts'
import type { ClientIntegration } from '../../models/client-integration.ts'
import type { Client, ClientName } from '../../models/client.ts'
import type { Models } from '../../models/index.ts'
import type { Json } from '../../models/tool-execution.ts'
import { refuse, succeed, type Result } from '../../protocol/result.ts'
import type { Secrets } from '../infra/secrets.ts'
import type { CompileSchema } from '../infra/validate.ts'
import type { Endpoint, IntegrationKind } from './kind.ts'
import type { Kinds } from './kinds.ts'
import { functionName } from './open-integration.ts'
import { readEndpoint } from './stored-endpoint.ts'

/** What keeping integrations needs. */
export interface IntegrationKeeping {
  kinds: Kinds
  compile: CompileSchema
  secrets: Secrets
  /** Judges the schema of a function's arguments. */
  checkParameters: CheckParameters
  /** Names that no function may have: our own. */
  reserved: ReadonlySet<string>
  mask: MaskSecrets
}

/** A copy without anything that looks like a credential, fit to be kept. */
export type MaskSecrets = (value: unknown) => Json

/** `check` says, for the model, what does not fit of arguments; null: nothing. */
export type CheckParameters = (schema: unknown) =>
  | {
      ok: true
      schema: Record<string, unknown>
      check: (given: Record<string, unknown>) => string | null
    }
  | { ok: false; path: string; problem: string }

export type KeptModels = Pick<
  Models,
  'Client' | 'ClientIntegration' | 'IntegrationEndpoint' | 'ClientTool' | 'Tool' | 'AuditEntry'
>

/** An integration among those of its client. */
export type IntegrationName = { name: string } | { id: string }

export interface IntegrationPlace {
  client: ClientName
  integration: IntegrationName
}

export interface FoundIntegration {
  client: Client
  integration: ClientIntegration
  kind: IntegrationKind
}

/** Finds an integration through its client, whose row is locked: of two changes one comes after the other. */
export async function findIntegration(
  { Client, ClientIntegration }: KeptModels,
  kinds: Kinds,
  place: IntegrationPlace,
  transaction: Transaction,
): Promise<Result<FoundIntegration>> {
  const lock = transaction.LOCK.NO_KEY_UPDATE
  const client = await Client.findOne({ where: place.client, transaction, lock })
  if (client === null) return refuse('not_found', NO_CLIENT)
  const where = { client_id: client.id, ...place.integration }
  const integration = await ClientIntegration.findOne({ where, transaction })
  const kind = integration && kinds.get(integration.integration_type)
  if (!integration || !kind) return refuse('not_found', noIntegration(place.integration))
  return succeed({ client, integration, kind })
}

export const NO_CLIENT = 'There is no such client.'

export function noIntegration(name: IntegrationName): string {
  return 'id' in name
    ? 'The client has no such integration.'
    : `The client has no integration "${name.name}".`
}

/** The functions of an integration as they would be; with `instead` in the place of the one of its name. */
export interface Planned {
  name: string
  kind: IntegrationKind
  config: Record<string, unknown>
  endpoints: readonly Endpoint<Record<string, unknown>>[]
}

/**
 * What speaks against the names that models would know its functions by; null: nothing. Two of one name could not be told
 * from one another, whether they are of one integration, of two, or a tool of the catalogue.
 */
export async function nameFault(
  { client_id, planned }: { client_id: string; planned: Planned },
  { kinds, reserved }: Pick<IntegrationKeeping, 'kinds' | 'reserved'>,
  { ClientIntegration, ClientTool }: KeptModels,
  transaction: Transaction,
): Promise<string | null> {
  const names = namesOf(planned)
  const long = names.find((one) => one.length > LONGEST_NAME)
  if (long !== undefined) return `"${long}" is longer than ${String(LONGEST_NAME)} characters.`
  const twice = names.find((one, index) => names.indexOf(one) !== index)
  if (twice !== undefined) return `"${twice}" would be the name of two functions.`
  const others = await ClientIntegration.findAll({ where: { client_id }, include: 'endpoints', transaction })
  const taken = new Set(reserved)
  for (const { name, integration_type, connection_config: config, endpoints = [] } of others) {
    const kind = kinds.get(integration_type)
    if (name === planned.name || !kind) continue
    for (const one of namesOf({ name, kind, config, endpoints: endpoints.map(readEndpoint) })) taken.add(one)
  }
  const tools = await ClientTool.findAll({ where: { client_id }, include: 'tool', transaction })
  for (const { tool } of tools) if (tool) taken.add(tool.tool_name)
  const clash = names.find((one) => taken.has(one))
  return clash === undefined ? null : `"${clash}" is the name of another function of this client.`
}

/** What every vendor takes. */
const LONGEST_NAME = 64

function namesOf({ name, kind, config, endpoints }: Planned): string[] {
  return kind.functions(config, endpoints).map((one) => functionName(name, one.name))
}

export function auditEntry(
  by: Actor,
  action: string,
  { id }: Pick<Client, 'id'>,
  details: Record<string, unknown>,
) {
  return { ...by, client_id: id, action: `integration.${action}`, details }
}
