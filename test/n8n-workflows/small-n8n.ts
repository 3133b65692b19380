import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { createRequire } from 'node:module'
import type { AddressInfo } from 'node:net'
import { createContext, runInContext } from 'node:vm'
import type { Database } from '../../server/infra/database.ts'
import type { Workflow, WorkflowNode } from './workflow-file.ts'

/** A server that runs a workflow for each POST, as n8n does one whose nodes take single items. */
export interface SmallN8n {
  url: string
  hostAndPort: string
  /** The nodes that ran since the beginning, in their order. */
  ran: string[]
  close(): Promise<void>
}

export interface SmallN8nParts {
  env: Record<string, string>
  /** For Postgres nodes. */
  database?: Pick<Database, 'run'>
}

interface Item {
  json: Record<string, unknown>
  binary?: Buffer
}

interface Run {
  items: Map<string, Item>
  parts: SmallN8nParts
  response: ServerResponse
}

/** Knows the kinds of nodes that our workflows have, and of those what our workflows set. */
export async function startSmallN8n(workflow: Workflow, parts: SmallN8nParts): Promise<SmallN8n> {
  const ran: string[] = []
  const server = createServer((request, response) => {
    void runWorkflow(workflow, { parts, request, response, ran })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const hostAndPort = `127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    ...{ url: `http://${hostAndPort}`, hostAndPort, ran },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

interface Asked {
  parts: SmallN8nParts
  request: IncomingMessage
  response: ServerResponse
  ran: string[]
}

async function runWorkflow(workflow: Workflow, { parts, request, response, ran }: Asked): Promise<void> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  const run: Run = { items: new Map(), parts, response }
  let item: Item = { json: { headers: request.headers }, binary: Buffer.concat(chunks) }
  let node = workflow.nodes.find(({ type }) => type === 'n8n-nodes-base.webhook')
  while (node) {
    ran.push(node.name)
    const { given, output = 0 } = await runNode(node, item, run)
    item = given
    run.items.set(node.name, item)
    const next = workflow.connections[node.name]?.main[output]?.[0]?.node
    node = workflow.nodes.find(({ name }) => name === next)
  }
  // What n8n 1.97 does where a workflow ends without having answered.
  if (!response.writableEnded) response.writeHead(200, { 'content-type': 'application/json' }).end()
}

interface Ran {
  given: Item
  /** By which it leaves. */
  output?: number
}

async function runNode(node: WorkflowNode, item: Item, run: Run): Promise<Ran> {
  const kind = KINDS[node.type]
  if (!kind) throw new Error(`no such node here: ${node.type}`)
  try {
    return await kind(node, item, run)
  } catch (error) {
    if (node.onError !== 'continueRegularOutput') throw error
    const { message, code } = error as { message: string; code?: string }
    const told = node.type === 'n8n-nodes-base.httpRequest' ? { message, code } : message
    return { given: { json: { error: told } }, output: node.type === 'n8n-nodes-base.if' ? 1 : 0 }
  }
}

const KINDS: Record<string, (node: WorkflowNode, item: Item, run: Run) => Ran | Promise<Ran>> = {
  'n8n-nodes-base.webhook': (_, item) => ({ given: item }),

  async 'n8n-nodes-base.code'({ parameters }, item, run) {
    const code = `(async function () {${parameters['jsCode'] as string}\n}).call(globalThis)`
    const [first] = (await runInContext(code, contextOf(item, run))) as Item[]
    // What leaves a node is kept as JSON.
    return { given: JSON.parse(JSON.stringify(first)) as Item }
  },

  'n8n-nodes-base.if'({ parameters }, item, run) {
    const { conditions } = parameters['conditions'] as { conditions: { leftValue: string }[] }
    const holds = conditions.every(({ leftValue }) => evaluate(leftValue, item, run) === true)
    return { given: item, output: holds ? 0 : 1 }
  },

  async 'n8n-nodes-base.httpRequest'({ parameters }, item, run) {
    const url = new URL(evaluate(parameters['url'], item, run) as string)
    const named = (name: string) => fieldsOf(parameters[name], item, run)
    for (const [name, value] of named('queryParameters')) url.searchParams.append(name, value)
    const body = bodyOf(parameters, item, run)
    const headers = { ...Object.fromEntries(named('headerParameters')), 'content-type': 'application/json' }
    const method = (parameters['method'] as string | undefined) ?? 'GET'
    const response = await ask(url, { method, headers, body, redirect: 'manual' })
    const text = await response.text()
    const isJson = response.headers.get('content-type')?.includes('json')
    return { given: { json: { statusCode: response.status, body: isJson ? JSON.parse(text) : text } } }
  },

  async 'n8n-nodes-base.postgres'({ name, parameters }, item, run) {
    const { queryReplacement } = parameters['options'] as { queryReplacement: string }
    const values = evaluate(queryReplacement, item, run) as unknown[]
    const text = parameters['query'] as string
    const rows = (await run.parts.database?.run<Record<string, unknown>>({ name, text }, [...values])) ?? []
    return { given: { json: rows[0] ?? { success: true } } }
  },

  'n8n-nodes-base.respondToWebhook'({ parameters }, item, run) {
    const { responseCode } = parameters['options'] as { responseCode: string }
    const body = JSON.stringify(evaluate(parameters['responseBody'], item, run))
    const status = evaluate(responseCode, item, run) as number
    run.response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' }).end(body)
    return { given: item }
  },
}

function bodyOf(parameters: Record<string, unknown>, item: Item, run: Run): string | null {
  if (!parameters['sendBody']) return null
  if (parameters['contentType'] === 'raw') return evaluate(parameters['body'], item, run) as string
  return JSON.stringify(evaluate(parameters['jsonBody'], item, run))
}

/** Fails with the code of the socket, as n8n tells it. */
async function ask(url: URL, request: RequestInit): Promise<Response> {
  try {
    return await fetch(url, request)
  } catch (error) {
    throw (error as Error).cause
  }
}

function fieldsOf(given: unknown, item: Item, run: Run): [string, string][] {
  const { parameters } = (given ?? { parameters: [] }) as { parameters: { name: string; value: string }[] }
  return parameters.map(({ name, value }) => [name, String(evaluate(value, item, run))])
}

/** A text that begins with `=` holds expressions in double braces; one that is nothing else stands for its value. */
function evaluate(value: unknown, item: Item, run: Run): unknown {
  if (typeof value !== 'string' || !value.startsWith('=')) return value
  const context = contextOf(item, run)
  const alone = /^=\{\{((?:(?!\}\}).)*)\}\}$/s.exec(value)
  if (alone) return runInContext(`(${alone[1]!})`, context) as unknown
  return value.slice(1).replace(/\{\{(.*?)\}\}/gs, (_, code: string) => String(runInContext(code, context)))
}

function contextOf(item: Item, { items, parts }: Run) {
  const give = (one: Item | undefined) => ({ first: () => one })
  return createContext({
    require: createRequire(import.meta.url),
    ...{ Buffer, $env: parts.env, $json: item.json, $input: give(item) },
    $: (name: string) => give(items.get(name)),
    helpers: { getBinaryDataBuffer: () => Promise.resolve(item.binary) },
  })
}
