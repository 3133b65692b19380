import type { TEST_CHAT_OPERATIONS } from '../../../../protocol/operations/admin/test-chats.ts'
import { RATES } from '../../../../protocol/limits.ts'
import { refuse, succeed, type Result } from '../../../../protocol/result.ts'
import type { TestChat, TestChatTold } from '../../../../protocol/test-chat.ts'
import type { TestChatPlace } from '../../../conversation/test-chats.ts'
import type { Endpoint } from '../../endpoint.ts'
import { forClientAdmin, idIn, type AskingAbout } from '../../for-admin.ts'
import type { HttpContext, HttpParts } from '../../http-env.ts'

/** Trying a client's AI. */
export function testChatEndpoints(parts: HttpParts): {
  [K in keyof typeof TEST_CHAT_OPERATIONS]: Endpoint<K>
} {
  const { testChats } = parts
  return {
    'GET /api/admin/clients/:client_id/test-chats': forClientAdmin(parts, async ({ client_id }, { query }) =>
      succeed(await testChats.list(client_id, query)),
    ),
    'POST /api/admin/clients/:client_id/test-chats': forClientAdmin(
      parts,
      async ({ client_id, person }, { body }) => {
        const wish = { admin_id: person.id, locale: body.locale }
        return (await tooMany(parts, person.id)) ?? told(await testChats.create(client_id, wish))
      },
    ),
    'POST /api/admin/clients/:client_id/test-chats/:test_chat_id/messages': forClientAdmin(
      parts,
      async (asking, { body }, c) =>
        (await tooMany(parts, asking.person.id)) ?? testChats.receive(placeOf(asking, c), body),
    ),
    'POST /api/admin/clients/:client_id/test-chats/:test_chat_id/stop': forClientAdmin(
      parts,
      (asking, { body }, c) => testChats.stop(placeOf(asking, c), body),
    ),
    'POST /api/admin/clients/:client_id/test-chats/:test_chat_id/confirm': forClientAdmin(
      parts,
      (asking, { body }, c) => testChats.answer(placeOf(asking, c), body),
    ),
    'POST /api/admin/clients/:client_id/test-chats/:test_chat_id/start': forClientAdmin(
      parts,
      async (asking, _input, c) => told(await testChats.restart(placeOf(asking, c))),
    ),
    'GET /api/admin/clients/:client_id/test-chats/:test_chat_id/model-calls': forClientAdmin(
      parts,
      (asking, { query }, c) => testChats.modelCalls(placeOf(asking, c), query),
    ),
  }
}

async function tooMany({ limits }: HttpParts, personId: string): Promise<Result<never> | null> {
  const allowance = await limits.take(`tests:${personId}`, RATES.personTests)
  return allowance.allowed ? null : refuse('rate_limited', undefined, allowance.retryAfterMs)
}

function placeOf({ client_id }: AskingAbout, c: HttpContext): TestChatPlace {
  return { client_id, session_id: idIn(c, 'test_chat_id') }
}

function told(chat: Result<TestChat>): Result<TestChatTold> {
  return chat.ok ? succeed({ test_chat: chat.data }) : chat
}
