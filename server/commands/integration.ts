import { readFile } from 'node:fs/promises'
import { text } from 'node:stream/consumers'
import { defineModels } from '../../models/index.ts'
import type { ClientIntegration, KeptVerdict } from '../../models/client-integration.ts'
import type { IntegrationCall } from '../../models/integration-call.ts'
import type { Result } from '../../protocol/result.ts'
import { forPeople } from '../integrations/call-function.ts'
import type { Integrations } from '../integrations/integrations.ts'
import type { Fetched, IntegrationFunction, Verdict } from '../integrations/kind.ts'
import { functionName } from '../integrations/open-integration.ts'
import { openIntegrationDesk, type IntegrationDesk } from '../tools/integrations/desk.ts'
import { createOutbound } from '../infra/outbound/index.ts'
import { createLogger } from '../infra/logger.ts'
import { createSecrets } from '../infra/secrets.ts'
import { createSchemaCompiler } from '../infra/validate.ts'
import { complain, complainOfUse, say, type Command } from './command.ts'
import { readIntegrationCommand, type IntegrationCommand } from './integration-options.ts'
import { withDatabase } from './with-database.ts'

/** The systems of clients whose live data models may ask for. */
export const integration: Command = {
  help: [
    [
      'integration list --client KEY',
      'list the systems that a client has connected, and what they can be asked',
    ],
    ['integration add NAME --client KEY --type TYPE --config FILE', 'connect a system as a JSON file says'],
    [
      'integration set NAME --client KEY [--config FILE] [--enabled yes|no]',
      'change how it is connected, or whether it is used; within 5 seconds',
    ],
    [
      'integration credentials NAME --client KEY [--file FILE]',
      'enter its credentials: JSON, from the file or piped in',
    ],
    ['integration test NAME --client KEY', 'try the connection'],
    ['integration endpoint set NAME FILE --client KEY', 'define what it can be asked, as a JSON file says'],
    ['integration endpoint remove NAME ENDPOINT --client KEY', 'take that away'],
    [
      'integration endpoint try NAME ENDPOINT --client KEY [--given JSON] [--as USER_ID]',
      'ask it, as a model would for a visitor who is not signed in, or who is proved to be USER_ID',
    ],
    ['integration recent NAME --client KEY', 'list its recent calls and failures'],
    ['integration remove NAME --client KEY', 'take it away with all that it can be asked'],
  ],
  async run(args) {
    const sources = { file: (path: string) => readFile(path, 'utf8'), stdin: () => text(process.stdin) }
    const asked = await readIntegrationCommand(args, sources)
    if (!asked.ok) return complainOfUse(asked.problem, integration)
    return withDatabase((database, config) => {
      const desk = openIntegrationDesk({
        ...{ database, models: defineModels(database.sequelize), compile: createSchemaCompiler() },
        ...{ secrets: createSecrets(config.secrets), outbound: createOutbound(config.outbound) },
        ...{ allow: config.outbound.allow, log: createLogger(config.log) },
      })
      return obey(asked.command, desk)
    })
  },
}

async function obey(command: IntegrationCommand, desk: IntegrationDesk): Promise<number> {
  const { integrations, endpoints, trials } = desk
  const { signal } = new AbortController()
  const client = { api_key: command.client }
  switch (command.verb) {
    case 'list':
      return tell(await integrations.list(client), (list) => describeAll(list, integrations))
    case 'add': {
      const { name, type, config } = command
      return tell(await integrations.create(client, { name, type, config }), () => describeNext(name))
    }
    case 'set':
      return tell(
        await integrations.change(client, { name: command.name }, command.changes),
        ({ mustEnter }) => (mustEnter ? `Changed. ${ENTER_AGAIN}` : 'Changed.'),
      )
    case 'credentials':
      return tell(
        await integrations.enter(client, { name: command.name }, command.credentials),
        () => 'Kept, encrypted. They are not shown again.',
      )
    case 'remove':
      return tell(await integrations.remove(client, { name: command.name }), () => 'Removed.')
    case 'test':
      return judge(await trials.test(client, { name: command.name }, signal))
    case 'recent':
      return tell(await trials.recent(client, { name: command.name }), describeCalls)
    case 'save endpoint':
      return tell(await endpoints.save(client, { name: command.name }, command.endpoint), ({ isNew }) =>
        isNew ? 'Defined. Models may ask it within 5 seconds.' : 'Changed.',
      )
    case 'remove endpoint':
      return tell(await endpoints.remove(client, { name: command.name }, command.endpoint), () => 'Removed.')
    case 'try endpoint': {
      const { name, endpoint, given, user } = command
      const asked = { function: endpoint, given: given as Record<string, unknown>, user }
      return show(await trials.ask(client, { name }, asked, signal))
    }
  }
}

const ENTER_AGAIN =
  'Its credentials are forgotten: they were entered for another address, or do not fit any more. Enter them again.'

function describeNext(name: string): string {
  return `Connected. Enter its credentials (integration credentials ${name}), then try it (integration test ${name}).`
}

function tell<T>(result: Result<T>, word: (data: T) => string): number {
  return result.ok ? say(word(result.data)) : complain(result.error.message)
}

function judge(result: Result<Verdict>): number {
  if (!result.ok) return complain(result.error.message)
  const { ok, message } = result.data
  return ok ? say(`It works. ${message}`) : complain(`It does not work. ${message}`)
}

function show(result: Result<Fetched>): number {
  if (!result.ok) return complain(result.error.message)
  const fetched = result.data
  if (fetched.ok) return say(JSON.stringify(fetched.data, null, 2))
  return complain(`${fetched.problem}: ${forPeople(fetched)}`)
}

function describeAll(list: readonly ClientIntegration[], integrations: Integrations): string {
  if (list.length === 0) return 'This client has connected nothing.'
  return list.map((one) => describeOne(one, integrations.functionsOf(one))).join('\n')
}

function describeOne(integration: ClientIntegration, functions: readonly IntegrationFunction[]): string {
  const { name, integration_type, enabled, credentials, last_verdict } = integration
  const entered = credentials === null ? 'no credentials' : 'credentials entered'
  const traits = [enabled ? 'enabled' : 'disabled', entered].join(', ')
  const asked = functions.map((fn) => {
    const marks = { personal: fn.personal, 'user-generated': fn.returnsOthersWords }
    const said = Object.entries(marks).filter(([, isSo]) => isSo)
    const { url, method } = (fn.endpoint?.request ?? {}) as { url?: string; method?: string }
    const where = url === undefined || method === undefined ? [] : [`${method} ${url}`]
    const how = [fn.policy, ...said.map(([mark]) => mark)].join(', ')
    return ['', functionName(name, fn.name), how, ...where].join('  ')
  })
  return [[name, integration_type, traits, describeVerdict(last_verdict)].join('  '), ...asked].join('\n')
}

function describeVerdict(verdict: KeptVerdict | null): string {
  if (verdict === null) return 'not tested since it changed'
  const { ok, message, at } = verdict
  return `${ok ? 'works' : 'does not work'}, tested ${at}: ${message}`
}

function describeCalls(calls: readonly IntegrationCall[]): string {
  if (calls.length === 0) return 'It was not asked yet.'
  return calls
    .map(({ at, function_name, problem, message, cached, execution_time_ms }) => {
      const how = problem === null ? (cached ? 'from the cache' : 'well') : `${problem}: ${message ?? ''}`
      return [at.toISOString(), function_name, `${String(execution_time_ms)} ms`, how].join('  ')
    })
    .join('\n')
}
