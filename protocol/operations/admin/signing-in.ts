import { Me, SignedIn, SignedOut, SignInBody, SignOutQuery } from '../../admin-auth.ts'
import { ADMIN } from '../examples.ts'
import { forPeople } from './for-people.ts'
import type { Operation } from '../operation.ts'

const ADMITTED = {
  access_token: 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIuLi4ifQ.c2lnbmF0dXJl',
  expires_in: 600,
  admin: ADMIN,
}

export const signIn = {
  id: 'signIn',
  summary: 'Sign in',
  description:
    'The access token holds for ten minutes. The refresh token comes as a cookie that no script can read. Wrong ' +
    'passwords in a row shut a person out for a while, longer each time; nothing in the answer tells whether anybody ' +
    'has the address.',
  tag: 'Admin',
  credentials: [],
  body: { schema: SignInBody, example: { email: ADMIN.email, password: 'correct horse battery staple' } },
  success: { status: 200, description: 'Who signed in.', schema: SignedIn, example: ADMITTED },
  errors: ['invalid_payload', 'unauthorized', 'origin_not_allowed', 'rate_limited'],
} as const satisfies Operation

export const refresh = {
  id: 'refresh',
  summary: 'Get the next access token',
  description:
    'The cookie is spent, and another comes in its place; a sign-in that is not refreshed for 30 days ends. A cookie ' +
    'that was spent before ends the sign-in: somebody else has it. Only for pages of this server.',
  tag: 'Admin',
  credentials: ['refresh_cookie'],
  success: { status: 200, description: 'Who is signed in.', schema: SignedIn, example: ADMITTED },
  errors: ['unauthorized', 'origin_not_allowed', 'rate_limited'],
} as const satisfies Operation

export const signOut = {
  id: 'signOut',
  summary: 'Sign out',
  description: 'Whoever uses this sign-in is cut off, also over sockets. Only for pages of this server.',
  tag: 'Admin',
  credentials: ['refresh_cookie'],
  query: { schema: SignOutQuery, example: { everywhere: 'false' } },
  success: { status: 200, description: 'Nobody is signed in here.', schema: SignedOut, example: {} },
  errors: ['invalid_payload', 'origin_not_allowed', 'rate_limited'],
} as const satisfies Operation

export const me = {
  id: 'readMe',
  summary: 'Read who is signed in',
  ...forPeople('analyst', 'anyone'),
  success: { status: 200, description: 'You.', schema: Me, example: { admin: ADMIN } },
  errors: ['unauthorized', 'rate_limited'],
} as const satisfies Operation
