import {
  ClientChanges,
  ClientsPage,
  ClientsQuery,
  ClientTold,
  NewClientBody,
  type ClientAccount,
} from '../../clients.ts'
import { CLIENT_ID } from '../examples.ts'
import { forPeople, PEOPLE_ERRORS } from './for-people.ts'
import type { Operation } from '../operation.ts'

/** Clients, for the people who keep them. */

const CLIENT: ClientAccount = {
  id: CLIENT_ID,
  name: 'Blue Bakery',
  domain: 'bakery.example',
  api_key: 'pk_9hL2mXv0cQ4sT7yBwZ1dKf3g',
  status: 'active',
  plan_type: 'free',
  allowed_origins: ['https://bakery.example'],
  locale: 'en',
  identity_required: false,
  created_at: '2026-11-23T09:30:00.000Z',
}

const told = (description: string, client: ClientAccount = CLIENT) => ({
  ...({ status: 200, description, schema: ClientTold } as const),
  example: { client },
})

export const listClients = {
  id: 'listClients',
  summary: 'List the clients',
  description:
    'The newest first; for the next page, give the last `id` as `after`. A client’s people see theirs.',
  ...forPeople('analyst', 'anyone'),
  query: { schema: ClientsQuery, example: { search: 'bakery' } },
  success: {
    status: 200,
    description: 'A page of clients.',
    schema: ClientsPage,
    example: { clients: [CLIENT], has_more: false },
  },
  errors: ['invalid_payload', ...PEOPLE_ERRORS],
} as const satisfies Operation

export const createClient = {
  id: 'createClient',
  summary: 'Make a client',
  description: 'It has a publishable key at once. `invalid_payload` names an origin that is none.',
  ...forPeople('owner', 'installation'),
  body: {
    schema: NewClientBody,
    example: { name: 'Blue Bakery', allowed_origins: ['https://bakery.example'], domain: 'bakery.example' },
  },
  success: told('The client.'),
  errors: ['invalid_payload', ...PEOPLE_ERRORS],
} as const satisfies Operation

export const readClient = {
  id: 'readClient',
  summary: 'Read a client',
  ...forPeople('analyst', 'client'),
  success: told('The client.'),
  errors: ['not_found', ...PEOPLE_ERRORS],
} as const satisfies Operation

export const changeClient = {
  id: 'changeClient',
  summary: 'Change a client',
  description: 'What is left out stays, null takes away. Servers heed it within five seconds.',
  ...forPeople('admin', 'client'),
  body: { schema: ClientChanges, example: { name: 'Blue Bakery & Café' } },
  success: told('The client as it is now.', { ...CLIENT, name: 'Blue Bakery & Café' }),
  errors: ['invalid_payload', 'not_found', ...PEOPLE_ERRORS],
} as const satisfies Operation

export const activateClient = {
  id: 'activateClient',
  summary: 'Open a client’s widget and API again',
  ...forPeople('owner', 'installation'),
  success: told('The client as it is now.'),
  errors: ['not_found', ...PEOPLE_ERRORS],
} as const satisfies Operation

export const deactivateClient = {
  id: 'deactivateClient',
  summary: 'Shut a client’s widget and API',
  description: 'Open connections of its visitors and people are cut within a second.',
  ...forPeople('owner', 'installation'),
  success: told('The client as it is now.', { ...CLIENT, status: 'inactive' }),
  errors: ['not_found', ...PEOPLE_ERRORS],
} as const satisfies Operation

export const rotateClientKey = {
  id: 'rotateClientKey',
  summary: 'Give a client another publishable key',
  description: 'The old one names nobody within five seconds: pages that still have it lose their widget.',
  ...forPeople('admin', 'client'),
  success: told('The client with its new key.'),
  errors: ['not_found', ...PEOPLE_ERRORS],
} as const satisfies Operation
