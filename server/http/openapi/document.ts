import { ERRORS, wireError, type ErrorCode } from '../../../protocol/errors.ts'
import { OPERATIONS } from '../../../protocol/operations/index.ts'
import { COMMON_ERRORS, type Operation, type Tag } from '../../../protocol/operations/operation.ts'
import { problemOf } from '../problem.ts'
import { describeOperation } from './operation.ts'
import { createReferences } from '../references.ts'

/** Chapters, in their order. */
const TAGS: Record<Tag, string> = {
  Chat: 'Say something and get the answer, in one request.',
  Sessions: 'What a visitor does: the fallback where sockets are blocked.',
  Knowledge: 'What the agent may quote. For a client’s own servers.',
  Tools: 'What workflows bring after they have answered.',
  Widget: 'What a page needs to show the widget.',
  Admin: 'For the people of the business.',
  Operation: 'For whoever runs the server.',
}

const DESCRIPTION = `The HTTP face of Parlor. What is said here and what is said over sockets is one conversation:
the events of the sockets, of visitors and of the people of the business, are in [/asyncapi.json](/asyncapi.json).

Whoever fails is told so as \`application/problem+json\` (RFC 9457), whose \`code\` is one of a closed list.`

/** The OpenAPI 3.1 document of everything in `protocol/operations`. The same version makes the same document. */
export function openApiDocument(version: string): object {
  const references = createReferences('#/components/schemas/')
  const paths: Record<string, Record<string, object>> = {}
  const operations: readonly Operation[] = Object.values(OPERATIONS)
  for (const [key, operation] of Object.entries(OPERATIONS)) {
    const [method = '', path = ''] = key.split(' ')
    const place = path.replace(/:([a-z_]+)/g, '{$1}')
    paths[place] = {
      ...paths[place],
      [method.toLowerCase()]: describeOperation(path, operation, references.refer),
    }
  }
  return {
    openapi: '3.1.1',
    info: {
      title: 'Parlor',
      version,
      description: DESCRIPTION,
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: '/', description: 'This server' }],
    tags: Object.entries(TAGS).map(([name, description]) => ({ name, description })),
    paths,
    components: {
      securitySchemes: securitySchemes(operations),
      headers: HEADERS,
      examples: examples(operations),
      schemas: references.components(),
    },
  }
}

const SECURITY_SCHEMES = {
  session_token: {
    type: 'http',
    scheme: 'bearer',
    description:
      'The `session_token` that `POST /api/v1/sessions/start` told. Whoever holds it is the visitor.',
  },
  secret_key: {
    type: 'http',
    scheme: 'bearer',
    bearerFormat: 'sk_...',
    description:
      'A secret key of the client, for its own servers only. `npm run parlor -- key create` makes one.',
  },
  access_token: {
    type: 'http',
    scheme: 'bearer',
    bearerFormat: 'JWT',
    description: 'The `access_token` that signing in or refreshing told, for ten minutes.',
  },
  webhook_signature: {
    type: 'apiKey',
    in: 'header',
    name: 'webhook-signature',
    description:
      'Standard Webhooks: `v1,` and the HMAC-SHA256, in base64, of `id.timestamp.body` with the client’s webhook ' +
      'secret; beside it the headers `webhook-id` and `webhook-timestamp`.',
  },
  refresh_cookie: {
    type: 'apiKey',
    in: 'cookie',
    name: 'parlor_refresh',
    description: 'What signing in gave the browser. It is heard from pages of this server only.',
  },
}

const HEADERS = {
  'X-Request-Id': {
    description: 'The request in the server’s log. Yours, if you sent a sane one.',
    schema: { type: 'string' },
  },
  'Retry-After': {
    description: 'Seconds after which to try again.',
    schema: { type: 'integer' },
  },
}

function securitySchemes(operations: readonly Operation[]): object {
  const used = new Set<string>(operations.flatMap(({ credentials }) => credentials))
  return Object.fromEntries(Object.entries(SECURITY_SCHEMES).filter(([name]) => used.has(name)))
}

/** One problem for each code that is answered anywhere. */
function examples(operations: readonly Operation[]): object {
  const used = new Set<ErrorCode>([...COMMON_ERRORS, ...operations.flatMap(({ errors }) => errors)])
  return Object.fromEntries(
    [...used].sort().map((code) => {
      const wait = ERRORS[code].status === 429 ? 12_000 : undefined
      const value = problemOf(wireError(code, undefined, wait), '5a1d7c9e-3f42-4a7b-9c55-0d2c8e6b7f10')
      return [code, { summary: ERRORS[code].message, value }]
    }),
  )
}
