import { NewPasswordBody, ProfileChanges, SignInsTold } from '../../account.ts'
import { Me } from '../../admin-auth.ts'
import { SignInsEnded } from '../../people.ts'
import { ADMIN } from '../examples.ts'
import type { Operation, OperationKey } from '../operation.ts'
import { forPeople } from './for-people.ts'

/** What people keep of themselves. */

const ONESELF = forPeople('analyst', 'anyone')

const ERRORS = ['unauthorized', 'rate_limited'] as const

export const ACCOUNT_OPERATIONS = {
  'PATCH /api/admin/me': {
    ...ONESELF,
    id: 'changeMe',
    summary: 'Give yourself another name or picture',
    description: 'What is left out stays; null takes the picture away.',
    body: { schema: ProfileChanges, example: { name: 'Dana' } },
    success: { status: 200, description: 'You, as you are now.', schema: Me, example: { admin: ADMIN } },
    errors: ['invalid_payload', ...ERRORS],
  },
  'POST /api/admin/me/password': {
    ...ONESELF,
    id: 'changeMyPassword',
    summary: 'Give yourself another password',
    description: 'This sign-in goes on, all others end, also over sockets within a second.',
    body: {
      schema: NewPasswordBody,
      example: {
        current_password: 'correct horse battery staple',
        password: 'correct horse battery staple',
      },
    },
    success: {
      status: 200,
      description: 'How many others have ended.',
      schema: SignInsEnded,
      example: { ended: 2 },
    },
    errors: ['invalid_payload', 'password_wrong', ...ERRORS],
  },
  'GET /api/admin/me/sign-ins': {
    ...ONESELF,
    id: 'listMySignIns',
    summary: 'List where you are signed in',
    description: 'The last begun first.',
    success: {
      status: 200,
      description: 'Your sign-ins.',
      schema: SignInsTold,
      example: {
        sign_ins: [
          {
            id: '0c5a8e7d-93b1-4f6a-8d20-6e1f7b4c9a35',
            user_agent: 'Mozilla/5.0',
            since: '2026-11-23T09:30:00.000Z',
            last_used_at: '2026-11-23T10:00:00.000Z',
            current: true,
          },
        ],
      },
    },
    errors: ERRORS,
  },
} as const satisfies Record<OperationKey, Operation>
