import { randomUUID } from 'node:crypto'
import { SYSTEM, type Actor } from '../../models/actor.ts'
import type { ClientName } from '../../models/client.ts'
import type { IntegrationCall } from '../../models/integration-call.ts'
import type { Models } from '../../models/index.ts'
import { refuse, succeed, type Result } from '../../protocol/result.ts'
import { INTEGRATION_LIMITS } from '../../protocol/integrations.ts'
import type { Secrets } from '../infra/secrets.ts'
import { CALL_LIMITS, type CallFunction } from './call-function.ts'
import { hideValues } from './hide-values.ts'
import {
  auditEntry,
  noIntegration,
  type CheckParameters,
  type IntegrationName,
  type MaskSecrets,
} from './keeping.ts'
import type { Fetched, Verdict } from './kind.ts'
import type { Kinds } from './kinds.ts'
import { credentialsIfAny, openIntegration, type OpenIntegration } from './open-integration.ts'

/** What keepers try of integrations, and see of them. All are refused with `not_found` where there is no such thing. */
export interface Trials {
  /** Tries the connection, and keeps the verdict. */
  test(client: ClientName, integration: IntegrationName, signal: AbortSignal): Promise<Result<Verdict>>
  /**
   * Asks a function as a model would, for a visitor of this proved id or none; it is in the audit log. `invalid_payload`:
   * the arguments do not fit.
   */
  ask(
    client: ClientName,
    integration: IntegrationName,
    asked: TriedFunction,
    signal: AbortSignal,
  ): Promise<Result<Fetched>>
  /** The newest calls, the newest first. */
  recent(client: ClientName, integration: IntegrationName): Promise<Result<IntegrationCall[]>>
}

export interface TriedFunction {
  function: string
  given: Record<string, unknown>
  user: string | null
  /** Who tries it; whoever commands the machine, where nobody is named. */
  by?: Actor
}

export interface TrialParts {
  kinds: Kinds
  secrets: Secrets
  callFunction: CallFunction
  checkParameters: CheckParameters
  mask: MaskSecrets
}

type TriedModels = Pick<Models, 'Client' | 'ClientIntegration' | 'IntegrationCall' | 'AuditEntry'>

/** Milliseconds for a test. */
const TEST_DEADLINE = 20_000

export function createTrials(
  { Client, ClientIntegration, IntegrationCall, AuditEntry }: TriedModels,
  parts: TrialParts,
): Trials {
  const { kinds, secrets, callFunction, checkParameters, mask } = parts
  return {
    async test(client, integration, signal) {
      const found = await find(client, integration)
      if (!found.ok) return found
      const { open, row } = found.data
      const { ok, message } = await tried(open, signal)
      const verdict = { ok, message: hideValues(mask(message), open.connection.credentials) as string }
      await row.markTested(verdict)
      return succeed(verdict)
    },

    async ask(client, integration, asked, signal) {
      const found = await find(client, integration)
      if (!found.ok) return found
      const { open, row } = found.data
      const { name, client_id: id } = row
      const fn = open.functions.find((one) => one.name === asked.function)
      if (!fn) return refuse('not_found', `"${name}" has no function "${asked.function}".`)
      const checked = checkParameters(fn.parameters)
      const fault = checked.ok ? checked.check(asked.given) : `parameters${checked.path} ${checked.problem}.`
      if (fault !== null) return refuse('invalid_payload', fault)
      const { given, user, by = SYSTEM } = asked
      const details = { name, function: fn.name, arguments: mask(given), user }
      await AuditEntry.record(auditEntry(by, 'tried', { id }, details))
      const call = { fn, given, user, key: `try-${randomUUID()}`, timeLeft: CALL_LIMITS.deadline }
      return succeed(await callFunction(open, call, signal))
    },

    async recent(client, integration) {
      const found = await find(client, integration)
      if (!found.ok) return found
      const where = { integration_id: found.data.row.id }
      const limit = 2 * INTEGRATION_LIMITS.calls
      return succeed(await IntegrationCall.findAll({ where, order: [['id', 'DESC']], limit }))
    },
  }

  async function find(name: ClientName, integration: IntegrationName) {
    const client = await Client.findOne({ where: name })
    const where = client && { client_id: client.id, ...integration }
    const row = where && (await ClientIntegration.findOne({ where, include: 'endpoints' }))
    const open = row && openRow(row)
    return open ? succeed({ row, open }) : refuse('not_found', noIntegration(integration))
  }

  /** Credentials that cannot be read are told by what is tried as if there were none. */
  function openRow(row: InstanceType<typeof ClientIntegration>): OpenIntegration | null {
    const {
      id,
      client_id,
      name,
      integration_type: type,
      connection_config: config,
      version,
      endpoints = [],
    } = row
    const stored = { id, client_id, name, type, config, version, endpoints, credentials: null }
    const open = openIntegration(stored, { kinds, secrets })
    return (
      open && { ...open, connection: { ...open.connection, credentials: credentialsIfAny(row, secrets) } }
    )
  }
}

async function tried({ kind, connection }: OpenIntegration, signal: AbortSignal): Promise<Verdict> {
  const late = AbortSignal.timeout(TEST_DEADLINE)
  try {
    return await kind.test(connection, AbortSignal.any([signal, late]))
  } catch (error) {
    signal.throwIfAborted()
    if (!late.aborted) throw error
    return { ok: false, message: `It did not answer within ${String(TEST_DEADLINE / 1_000)} s.` }
  }
}
