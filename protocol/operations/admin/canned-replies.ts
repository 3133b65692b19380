import {
  CannedRepliesTold,
  CannedReplyChanges,
  CannedReplyRemoved,
  CannedReplyTold,
  NewCannedReplyBody,
  type CannedReply,
} from '../../canned-replies.ts'
import { forPeople, PEOPLE_ERRORS } from './for-people.ts'
import type { Operation } from '../operation.ts'

/** Answers that people of a client give often. */

const REPLY: CannedReply = {
  id: '9e3b1c47-60d8-4a25-b7f9-3c5a8d2e4f10',
  shortcut: 'returns',
  text: 'You can return anything within 30 days.',
  created_at: '2026-11-23T09:30:00.000Z',
}

const KEEPERS = forPeople('admin', 'client')
const ERRORS = ['invalid_payload', 'not_found', ...PEOPLE_ERRORS] as const

const told = (description: string, canned_reply: CannedReply = REPLY) => ({
  ...({ status: 200, description, schema: CannedReplyTold } as const),
  example: { canned_reply },
})

export const listCannedReplies = {
  ...forPeople('analyst', 'client'),
  id: 'listCannedReplies',
  summary: 'List a client’s canned replies',
  success: {
    status: 200,
    description: 'All of them, by their shortcuts.',
    schema: CannedRepliesTold,
    example: { canned_replies: [REPLY] },
  },
  errors: ['not_found', ...PEOPLE_ERRORS],
} as const satisfies Operation

export const createCannedReply = {
  ...KEEPERS,
  id: 'createCannedReply',
  summary: 'Add a canned reply',
  description: 'A shortcut that another reply of the client has is `invalid_payload`.',
  body: { schema: NewCannedReplyBody, example: { shortcut: REPLY.shortcut, text: REPLY.text } },
  success: told('The reply.'),
  errors: ERRORS,
} as const satisfies Operation

export const changeCannedReply = {
  ...KEEPERS,
  id: 'changeCannedReply',
  summary: 'Change a canned reply',
  body: { schema: CannedReplyChanges, example: { text: 'You can return anything within 60 days.' } },
  success: told('The reply as it is now.', {
    ...{ ...REPLY, text: 'You can return anything within 60 days.', changed_at: '2026-11-23T10:00:00.000Z' },
  }),
  errors: ERRORS,
} as const satisfies Operation

export const removeCannedReply = {
  ...KEEPERS,
  id: 'removeCannedReply',
  summary: 'Take a canned reply away',
  success: {
    status: 200,
    description: 'Which one is gone.',
    schema: CannedReplyRemoved,
    example: { id: REPLY.id },
  },
  errors: ['not_found', ...PEOPLE_ERRORS],
} as const satisfies Operation
