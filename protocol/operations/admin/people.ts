import {
  ColleagueChanges,
  ColleagueTold,
  NewColleagueBody,
  PasswordBody,
  PeoplePage,
  PeopleQuery,
  SignInsEnded,
  type Colleague,
} from '../../people.ts'
import { ADMIN, CLIENT_ID } from '../examples.ts'
import { forPeople, PEOPLE_ERRORS } from './for-people.ts'
import type { Operation } from '../operation.ts'

/** The people who sign in, for those of them who keep the others. */

const DANA: Colleague = { ...ADMIN, state: 'enabled', created_at: '2026-11-23T09:30:00.000Z' }

const KEEPERS = forPeople('admin', 'anyone')

const told = (description: string, person: Colleague = DANA) => ({
  ...({ status: 200, description, schema: ColleagueTold } as const),
  example: { person },
})

export const listPeople = {
  ...KEEPERS,
  id: 'listPeople',
  summary: 'List the people who sign in',
  description:
    'The newest first; for the next page, give the last `id` as `after`. A client’s people see their own.',
  query: { schema: PeopleQuery, example: { limit: 50 } },
  success: {
    status: 200,
    description: 'A page of people.',
    schema: PeoplePage,
    example: { people: [DANA], has_more: false },
  },
  errors: ['invalid_payload', ...PEOPLE_ERRORS],
} as const satisfies Operation

export const invitePerson = {
  ...KEEPERS,
  id: 'invitePerson',
  summary: 'Let somebody sign in',
  description:
    'For one’s own client; the installation’s own people for any, and for the installation. Nobody gives a role above ' +
    'their own. An address that somebody has is `invalid_payload`.',
  body: {
    schema: NewColleagueBody,
    example: { email: 'noa@shop.example', name: 'Noa', role: 'agent', client_id: CLIENT_ID },
  },
  success: {
    status: 200,
    description: 'The person, and the password, told once, where it was made up.',
    schema: ColleagueTold,
    example: {
      person: { ...DANA, email: 'noa@shop.example', name: 'Noa' },
      password: 'c1Q8mXv0cQ4sT7yBwZ1d',
    },
  },
  errors: ['invalid_payload', 'not_found', 'busy', ...PEOPLE_ERRORS],
} as const satisfies Operation

export const changePerson = {
  ...KEEPERS,
  id: 'changePerson',
  summary: 'Give somebody another name or role',
  description: 'Nobody changes their own role, nor that of somebody whose role is above theirs.',
  body: { schema: ColleagueChanges, example: { role: 'agent' } },
  success: told('The person as it is now.'),
  errors: ['invalid_payload', 'not_found', ...PEOPLE_ERRORS],
} as const satisfies Operation

export const disablePerson = {
  ...KEEPERS,
  id: 'disablePerson',
  summary: 'Shut somebody out',
  description: 'All sign-ins end, and open connections are cut within a second. What the person wrote stays.',
  success: told('The person as it is now.', { ...DANA, state: 'disabled' }),
  errors: ['not_found', ...PEOPLE_ERRORS],
} as const satisfies Operation

export const enablePerson = {
  ...KEEPERS,
  id: 'enablePerson',
  summary: 'Let somebody in again',
  success: told('The person as it is now.'),
  errors: ['not_found', ...PEOPLE_ERRORS],
} as const satisfies Operation

export const unlockPerson = {
  ...KEEPERS,
  id: 'unlockPerson',
  summary: 'End a lock after wrong passwords',
  success: told('The person as it is now.'),
  errors: ['not_found', ...PEOPLE_ERRORS],
} as const satisfies Operation

export const setPersonPassword = {
  ...KEEPERS,
  id: 'setPersonPassword',
  summary: 'Give somebody another password',
  description: 'All sign-ins of the person end, and any lock.',
  body: { schema: PasswordBody, example: {} },
  success: {
    status: 200,
    description: 'The person, and the password, told once, where it was made up.',
    schema: ColleagueTold,
    example: { person: DANA, password: 'c1Q8mXv0cQ4sT7yBwZ1d' },
  },
  errors: ['invalid_payload', 'not_found', 'busy', ...PEOPLE_ERRORS],
} as const satisfies Operation

export const signPersonOut = {
  ...KEEPERS,
  id: 'signPersonOut',
  summary: 'End all sign-ins of somebody',
  success: {
    status: 200,
    description: 'How many there were.',
    schema: SignInsEnded,
    example: { ended: 2 },
  },
  errors: ['not_found', ...PEOPLE_ERRORS],
} as const satisfies Operation
