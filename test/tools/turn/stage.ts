import assert from 'node:assert/strict'
import { randomBytes, randomUUID } from 'node:crypto'
import { defineModels } from '../../../models/index.ts'
import type { VisitorSession } from '../../../server/auth/visitor-session.ts'
import type { ToolConfirm } from '../../../protocol/widget.ts'
import { createConversations, type ConversationHeart } from '../../../server/conversation/index.ts'
import type { TurnLimits } from '../../../server/conversation/limits.ts'
import type { Address, ToolEvent, ToolTold } from '../../../server/conversation/publisher.ts'
import type { Database } from '../../../server/infra/database.ts'
import { createOutbound } from '../../../server/infra/outbound/index.ts'
import { createSecrets, type Secrets } from '../../../server/infra/secrets.ts'
import { createSchemaCompiler } from '../../../server/infra/validate.ts'
import { createModels } from '../../../server/llm/models.ts'
import type { Provider, ToolCall, ToolResult } from '../../../server/llm/provider.ts'
import { UNLIMITED } from '../../../server/infra/rate-limit.ts'
import { createCallbacks, type Callbacks } from '../../../server/tools/callbacks/callbacks.ts'
import { callbackUrls } from '../../../server/tools/callbacks/callback-url.ts'
import { createClientToolDirectory } from '../../../server/tools/catalogue/client-tool-directory.ts'
import { createClientTools } from '../../../server/tools/catalogue/client-tools.ts'
import { createToolCatalogue } from '../../../server/tools/catalogue/tool-catalogue.ts'
import { createWebhooks } from '../../../server/tools/n8n/webhooks.ts'
import { createClientCalls } from '../../../server/tools/turn/client-calls.ts'
import { createExecutions } from '../../../server/tools/turn/executions.ts'
import type { ToolSource } from '../../../server/tools/usable-tool.ts'
import { silentLog } from '../../support/databases.ts'
import { HASTY, makeVisitor } from '../../support/heart.ts'
import { Recorder } from '../../support/recorder.ts'
import { ScriptedProvider } from '../../support/scripted-provider.ts'
import type { StandIn } from '../../support/stand-in-n8n.ts'

/** Says all that is told of tools, also what no visitor hears. */
class WatchingRecorder extends Recorder {
  readonly tools: { event: ToolEvent; told: ToolTold[ToolEvent] }[] = []

  override publishTool<E extends ToolEvent>(to: Address, event: E, told: ToolTold[E]): void {
    this.tools.push({ event, told })
    super.publishTool(to, event, told)
  }
}

const secrets = createSecrets({ encryption: randomBytes(32), encryptionPrevious: null })

/** A client whose model may call the workflows of a stand-in, and a visitor of it. */
export interface Shop {
  visitor: VisitorSession
  /** What signs the calls. */
  secret: string
}

/** Makes a client with `tools`: by name, what differs from a tool that reads one text `order` at `/NAME`. */
export async function openToolShop(
  database: Database,
  standIn: StandIn,
  tools: Record<string, { parameters_schema?: object; set?: Record<string, unknown> }>,
): Promise<Shop> {
  const visitor = await makeVisitor(database)
  return { visitor, secret: await setUpTools(database, `pk_${visitor.id}`, { standIn, tools, secrets }) }
}

type SetUp = Parameters<typeof openToolShop>[2]

/** Lets a client use `tools` as `openToolShop` does; gives what signs its calls. */
export async function setUpTools(
  database: Database,
  clientKey: string,
  { standIn, tools, secrets }: { standIn: StandIn; tools: SetUp; secrets: Secrets },
): Promise<string> {
  const models = defineModels(database.sequelize)
  const compile = createSchemaCompiler()
  const catalogue = createToolCatalogue(database, models, compile)
  const keeping = { compile, secrets, allow: [standIn.hostAndPort] }
  const clientTools = createClientTools(database, models, keeping)
  let secret = ''
  for (const [tool_name, { parameters_schema = BY_ORDER, set = {} }] of Object.entries(tools)) {
    const description = `Does ${tool_name}.`
    assert.ok((await catalogue.save({ tool_name, description, parameters_schema })).ok)
    const n8n_webhook_url = `${standIn.url}/${tool_name}`
    const done = await clientTools.set({ api_key: clientKey }, { tool_name }, { n8n_webhook_url, ...set })
    assert.ok(done.ok)
    secret = done.data.secret ?? secret
  }
  return secret
}

const BY_ORDER = { type: 'object', properties: { order: { type: 'string' } }, required: ['order'] }

/** A node whose model the test speaks for, with the tools of clients. */
export interface ToolNode {
  heart: ConversationHeart
  callbacks: Callbacks
  provider: ScriptedProvider
  told: WatchingRecorder
  /** Sends a message of a visitor. */
  send(visitor: VisitorSession, text: string): Promise<void>
  /** Lets the model call what is given, and gives what it reads of it when it is asked again. */
  calls(...calls: [name: string, given: ToolCall['arguments']][]): Promise<ToolResult[]>
  /** Lets the model call what is given, of which the visitor has to be asked first, and gives the questions. */
  asks(...calls: [name: string, given: ToolCall['arguments']][]): Promise<ToolConfirm[]>
  /** What the model reads of its last calls, once it is asked again. */
  reads(): Promise<ToolResult[]>
  /** Lets the model say something and end. */
  says(text: string): Promise<void>
  stop(): Promise<void>
}

export interface ToolNodeChanges {
  /** Tools beside the workflows of the stand-in. */
  sources?: readonly ToolSource[]
  limits?: Partial<TurnLimits>
}

const callbackUrl = callbackUrls('https://parlor.example')

/** `asked`: the model in the place of the one that the test speaks for. */
export async function startToolNode(
  database: Database,
  standIn: StandIn,
  asked?: Provider,
  { sources = [], limits = {} }: ToolNodeChanges = {},
): Promise<ToolNode> {
  const provider = new ScriptedProvider()
  const told = new WatchingRecorder()
  const webhooks = createWebhooks({ outbound: createOutbound({ allow: [standIn.hostAndPort] }) })
  const clientCalls = createClientCalls({
    sources: [
      createClientToolDirectory({ database, secrets, webhooks, callbackUrl, log: silentLog }),
      ...sources,
    ],
    executions: createExecutions(database),
  })
  const models = createModels(asked ?? provider)
  const heart = createConversations({
    ...{ database, publisher: told, models, log: silentLog, clientCalls },
    limits: { ...HASTY, lease: 1_500, silentAfter: 1_200, renewEvery: 200, confirmLook: 20, ...limits },
  })
  const callbacks = createCallbacks({
    ...{ database, secrets, limits: UNLIMITED, log: silentLog },
    ...{ compile: createSchemaCompiler(), keep: heart.results.receive },
  })
  await heart.start()
  let call: Awaited<ReturnType<typeof provider.calls.take>> | null = null
  const next = async () => (call ??= await provider.calls.take())
  const reads = async () => resultsIn((await next()).request.messages)
  const callNow = async (calls: [name: string, given: ToolCall['arguments']][]) => {
    const listed = calls.map(([name, given], index) => ({ id: `c${index}`, name, arguments: given }))
    ;(await next()).end({ stop: 'tools', calls: listed })
    call = null
  }
  return {
    ...{ heart, callbacks, provider, told },
    async send(visitor, text) {
      const client_message_id = randomUUID()
      assert.ok((await heart.conversations.receive(visitor, { client_message_id, text })).ok)
    },
    async calls(...calls) {
      await callNow(calls)
      return reads()
    },
    async asks(...calls) {
      await callNow(calls)
      const questions: ToolConfirm[] = []
      for (let asked = 0; asked < calls.length; asked++) questions.push((await told.next('tool:confirm'))[0])
      return questions
    },
    reads,
    async says(text) {
      const last = await next()
      call = null
      last.say(text)
      last.end()
      await told.next('reply:end')
    },
    stop: () => heart.stop(),
  }
}

/** The results that a model was told last. */
export function resultsIn(messages: readonly { role: string }[]): ToolResult[] {
  const last = messages.at(-1)
  return last && 'results' in last ? (last.results as ToolResult[]) : []
}
