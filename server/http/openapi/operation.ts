import { ERRORS, type ErrorCode } from '../../../protocol/errors.ts'
import {
  COMMON_ERRORS,
  type Credential,
  type Operation,
  type Success,
} from '../../../protocol/operations/operation.ts'
import { SavedEndpoint } from '../../../protocol/integrations.ts'
import { Uuid } from '../../../protocol/records.ts'
import { Problem } from '../../../protocol/rest.ts'
import type { Refer } from '../references.ts'

/** What may stand in a path. */
const PATH_PARAMETERS: Record<string, object> = {
  client_id: { description: 'The client.', schema: Uuid },
  callback_id: { description: 'The call, as its `callback_url` names it.', schema: Uuid },
  conversation_id: { description: 'The conversation.', schema: Uuid },
  document_id: { description: 'The document, as it was told when it was imported or listed.', schema: Uuid },
  visitor_id: { description: 'The visitor, as a conversation tells it.', schema: Uuid },
  key_id: { description: 'The key, by its id.', schema: Uuid },
  note_id: { description: 'The note.', schema: Uuid },
  test_chat_id: { description: 'The `session_id` of the test chat.', schema: Uuid },
  reply_id: { description: 'The canned reply.', schema: Uuid },
  person_id: { description: 'The person.', schema: Uuid },
  integration_id: { description: 'The integration.', schema: Uuid },
  endpoint_name: {
    description: 'The name of a function of the integration.',
    schema: SavedEndpoint.properties.name,
  },
  server_id: { description: 'The MCP server.', schema: Uuid },
  mcp_tool_id: { description: 'The tool of an MCP server.', schema: Uuid },
  tool_id: { description: 'The tool, by its id in the catalogue.', schema: Uuid },
  session_id: { description: 'The session, as it was told when it started.', schema: Uuid },
}

/** An operation as OpenAPI has it. `path` is the router's. */
export function describeOperation(path: string, operation: Operation, refer: Refer): object {
  const { id, summary, tag, credentials, success } = operation
  const description = [operation.description, audienceOf(operation)].filter(Boolean).join('\n\n')
  const parameters = [...pathParameters(path), ...queryParameters(operation)]
  return {
    operationId: id,
    tags: [tag],
    summary,
    ...(description !== '' && { description }),
    security: securityOf(credentials),
    ...(parameters.length > 0 && { parameters }),
    ...requestBody(operation, refer),
    responses: { [success.status]: answered(success, refer), ...failures(operation.errors, refer) },
  }
}

/** In words: OpenAPI has no place for roles. */
function audienceOf({ audience }: Operation): string | null {
  if (audience === undefined) return null
  const people = {
    anyone: 'Anybody who is signed in',
    client: 'People of the client, and the installation’s own',
    installation: 'The installation’s own people',
  }[audience.of]
  const role = audience.least === 'analyst' ? 'in any role' : `from the role \`${audience.least}\` on`
  return `${people}, ${role}.`
}

function pathParameters(path: string): object[] {
  return [...path.matchAll(/:([a-z_]+)/g)].map(([, name = '']) => {
    const parameter = PATH_PARAMETERS[name]
    if (parameter === undefined) throw new Error(`nothing is known of the path parameter ${name}`)
    return { name, in: 'path', required: true, ...parameter }
  })
}

function queryParameters({ query }: Operation): object[] {
  if (query === undefined) return []
  // Absent where nothing is, whatever the types say.
  const required = new Set(query.schema.required as string[] | undefined)
  const examples = new Map<string, unknown>(Object.entries(query.example))
  return Object.entries(query.schema.properties).map(([name, schema]) => ({
    ...{ name, in: 'query', required: required.has(name), schema },
    ...(examples.has(name) && { example: examples.get(name) }),
  }))
}

function requestBody({ body, upload }: Operation, refer: Refer): object {
  if (upload) {
    const content = upload.types.map((type) => [type, {}] as const)
    return { requestBody: { required: true, content: Object.fromEntries(content) } }
  }
  if (!body) return {}
  const content = { 'application/json': { schema: refer(body.schema), example: body.example } }
  return { requestBody: { required: true, content } }
}

/** The publishable key is no secret: a request that needs nothing else is open to all. */
function securityOf(credentials: readonly Credential[]): object[] {
  if (credentials.length === 0) return [{}]
  return credentials.map((credential) => (credential === 'widget_key' ? {} : { [credential]: [] }))
}

function answered({ description, type, schema, example, also }: Success, refer: Refer): object {
  const others = Object.entries(also ?? {}).map(([media, words]) => [
    media,
    { schema: { type: 'string', description: words } },
  ])
  return {
    description,
    headers: { 'X-Request-Id': { $ref: '#/components/headers/X-Request-Id' } },
    content: {
      [type ?? 'application/json']: { schema: refer(schema), example },
      ...(Object.fromEntries(others) as object),
    },
  }
}

/** One response for each status, with every code that it may bring. */
function failures(errors: readonly ErrorCode[], refer: Refer): Record<string, object> {
  const codes = [...new Set([...errors, ...COMMON_ERRORS])]
  const statuses = [...new Set(codes.map((code) => ERRORS[code].status))]
  return Object.fromEntries(
    statuses.map((status) => {
      const ofStatus = codes.filter((code) => ERRORS[code].status === status)
      return [status, failure(ofStatus, refer)]
    }),
  )
}

function failure(codes: readonly ErrorCode[], refer: Refer): object {
  const waits = codes.some((code) => ERRORS[code].status === 429)
  const examples = codes.map((code) => [code, { $ref: `#/components/examples/${code}` }])
  return {
    description: codes.map((code) => `\`${code}\`: ${ERRORS[code].message}`).join('\n\n'),
    headers: {
      'X-Request-Id': { $ref: '#/components/headers/X-Request-Id' },
      ...(waits && { 'Retry-After': { $ref: '#/components/headers/Retry-After' } }),
    },
    content: {
      'application/problem+json': {
        schema: refer(Problem),
        examples: Object.fromEntries(examples) as object,
      },
    },
  }
}
