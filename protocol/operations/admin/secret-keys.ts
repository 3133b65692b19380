import {
  NewSecretKeyBody,
  RotateSecretKeyBody,
  SecretKeyIssued,
  SecretKeyRevoked,
  SecretKeysTold,
  type SecretKeyRow,
} from '../../secret-keys.ts'
import { forPeople, PEOPLE_ERRORS } from './for-people.ts'
import type { Operation } from '../operation.ts'

/** Keys with which a client's own servers speak, for the people of the client. */

const KEY: SecretKeyRow = {
  id: '0c5a8e7d-93b1-4f6a-8d20-6e1f7b4c9a35',
  name: 'Shop backend',
  prefix: 'sk_u7Qe2Lp',
  created_at: '2026-11-23T09:30:00.000Z',
  last_used_at: null,
  revoked_at: null,
}

const KEEPERS = forPeople('admin', 'client')

const ERRORS = ['not_found', ...PEOPLE_ERRORS] as const

const ISSUED = { key: 'sk_u7Qe2LpXz9RfVw3Kb5Hn8Mc1Ty6Jd0Gs4Aq7Eo2Ui9', secret_key: KEY }

export const listSecretKeys = {
  ...KEEPERS,
  id: 'listSecretKeys',
  summary: 'List a client’s secret keys',
  description: 'The oldest first, also those that have ended.',
  success: {
    status: 200,
    description: 'The keys, none of them readable.',
    schema: SecretKeysTold,
    example: { keys: [KEY] },
  },
  errors: ERRORS,
} as const satisfies Operation

export const createSecretKey = {
  ...KEEPERS,
  id: 'createSecretKey',
  summary: 'Make a secret key',
  body: { schema: NewSecretKeyBody, example: { name: 'Shop backend' } },
  success: {
    status: 200,
    description: 'The key, told this once.',
    schema: SecretKeyIssued,
    example: ISSUED,
  },
  errors: ['invalid_payload', ...ERRORS],
} as const satisfies Operation

export const rotateSecretKey = {
  ...KEEPERS,
  id: 'rotateSecretKey',
  summary: 'Put a new secret key in the place of one',
  body: { schema: RotateSecretKeyBody, example: { grace_minutes: 60 } },
  success: {
    status: 200,
    description: 'The new key, told this once.',
    schema: SecretKeyIssued,
    example: ISSUED,
  },
  errors: ['invalid_payload', ...ERRORS],
} as const satisfies Operation

export const revokeSecretKey = {
  ...KEEPERS,
  id: 'revokeSecretKey',
  summary: 'End a secret key',
  description: 'It is refused within five seconds.',
  success: {
    status: 200,
    description: 'The key that has ended.',
    schema: SecretKeyRevoked,
    example: { secret_key: { ...KEY, revoked_at: '2026-11-23T10:00:00.000Z' } },
  },
  errors: ERRORS,
} as const satisfies Operation
