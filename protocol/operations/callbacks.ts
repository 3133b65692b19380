import { Callback, CALLBACK_BYTES, CallbackTaken } from '../tools.ts'
import type { Operation } from './operation.ts'

export const bringResult = {
  id: 'bringResult',
  summary: 'Bring the result of a call late',
  description:
    'For a workflow that answered 202: the `callback_url` of its call. Signed as [Standard Webhooks](https://github.com/' +
    'standard-webhooks/standard-webhooks) says, with the secret that signs the client’s calls, over the bytes of the ' +
    'body: `webhook-id`, `webhook-timestamp` (five minutes at most from now) and `webhook-signature`, which may hold ' +
    'several. Within seven days, once for each call; the same again changes nothing. The result opens a new turn of the ' +
    'conversation; where a person has it, it waits.',
  tag: 'Tools',
  credentials: ['webhook_signature'],
  body: {
    schema: Callback,
    example: { result: { status: 'refunded', amount: '49.90' } },
    bytes: CALLBACK_BYTES,
  },
  success: {
    status: 200,
    description: 'It is kept.',
    schema: CallbackTaken,
    example: { repeated: false },
  },
  errors: [
    'invalid_payload',
    'unauthorized',
    'client_unknown',
    'not_found',
    'conversation_ended',
    'result_settled',
    'callback_expired',
    'rate_limited',
  ],
} as const satisfies Operation
