import {
  CredentialsBody,
  EndpointBody,
  FunctionTrialBody,
  FunctionTried,
  IntegrationCallsTold,
  IntegrationChanged,
  IntegrationRemoved,
  IntegrationsTold,
  IntegrationTested,
  IntegrationTold,
  IntegrationTypesTold,
} from '../../integration-keeping.ts'
import { IntegrationChanges, NewIntegration } from '../../integrations.ts'
import { ENDPOINT, INTEGRATION, INTEGRATION_CALL, INTEGRATION_TYPE } from '../integration-examples.ts'
import type { Operation, OperationKey } from '../operation.ts'
import { forPeople, PEOPLE_ERRORS } from './for-people.ts'

/** The systems of clients whose live data models ask for. */

const KEEPERS = forPeople('admin', 'client')
const READERS = forPeople('analyst', 'client')

const ERRORS = ['not_found', ...PEOPLE_ERRORS] as const

const told = (description: string) => ({
  ...({ status: 200, description, schema: IntegrationTold } as const),
  example: { integration: INTEGRATION },
})

const listIntegrationTypes = {
  id: 'listIntegrationTypes',
  summary: 'List the types of integrations',
  description: 'With JSON Schemas of what each is made of, for forms.',
  ...forPeople('analyst', 'anyone'),
  success: {
    status: 200,
    description: 'The types.',
    schema: IntegrationTypesTold,
    example: { types: [INTEGRATION_TYPE] },
  },
  errors: [...PEOPLE_ERRORS],
} as const satisfies Operation

const listIntegrations = {
  id: 'listIntegrations',
  summary: 'List the systems that a client has connected',
  description: 'By name, with what models may ask of them.',
  ...READERS,
  success: {
    status: 200,
    description: 'The integrations.',
    schema: IntegrationsTold,
    example: { integrations: [INTEGRATION] },
  },
  errors: ERRORS,
} as const satisfies Operation

const connectIntegration = {
  id: 'connectIntegration',
  summary: 'Connect a system',
  description:
    'Its credentials are entered next. `invalid_payload` says what is wrong with the configuration.',
  ...KEEPERS,
  body: {
    schema: NewIntegration,
    example: { name: 'shop', type: 'custom_api', config: { base_url: 'https://api.shop.example' } },
  },
  success: told('The integration.'),
  errors: ['invalid_payload', ...ERRORS],
} as const satisfies Operation

const readIntegration = {
  id: 'readIntegration',
  summary: 'Read an integration',
  ...READERS,
  success: told('The integration.'),
  errors: ERRORS,
} as const satisfies Operation

const changeIntegration = {
  id: 'changeIntegration',
  summary: 'Change how a system is connected, or whether it is used',
  description: 'It holds within five seconds.',
  ...KEEPERS,
  body: { schema: IntegrationChanges, example: { enabled: true } },
  success: {
    status: 200,
    description: 'The integration as it is now, and whether its credentials have to be entered again.',
    schema: IntegrationChanged,
    example: { integration: INTEGRATION, must_enter: false },
  },
  errors: ['invalid_payload', ...ERRORS],
} as const satisfies Operation

const enterCredentials = {
  id: 'enterIntegrationCredentials',
  summary: 'Enter the credentials of an integration',
  description: 'In the form of its type. They are kept encrypted, and told to nobody again.',
  ...KEEPERS,
  body: { schema: CredentialsBody, example: {} },
  success: told('The integration as it is now.'),
  errors: ['invalid_payload', ...ERRORS],
} as const satisfies Operation

const testIntegration = {
  id: 'testIntegration',
  summary: 'Try the connection of an integration',
  description: 'For 20 seconds at most. Nothing is changed on the other side.',
  ...KEEPERS,
  success: {
    status: 200,
    description: 'That it works, or what is wrong and what to do.',
    schema: IntegrationTested,
    example: { verdict: { ok: true, message: 'It answers.', at: '2026-11-23T09:30:00.000Z' } },
  },
  errors: ERRORS,
} as const satisfies Operation

const saveEndpoint = {
  id: 'saveIntegrationEndpoint',
  summary: 'Define what an integration can be asked',
  description: 'Or change the function of this name. Models may ask it within five seconds.',
  ...KEEPERS,
  body: { schema: EndpointBody, example: ENDPOINT },
  success: told('The integration as it is now.'),
  errors: ['invalid_payload', ...ERRORS],
} as const satisfies Operation

const tryFunction = {
  id: 'tryIntegrationFunction',
  summary: 'Ask an integration, as a model would',
  description:
    'For 30 seconds at most. As `user_id`, for a visitor who is proved to be that; without, for one who is not signed in.',
  ...KEEPERS,
  body: { schema: FunctionTrialBody, example: { function: 'order_status', arguments: { order: '1001' } } },
  success: {
    status: 200,
    description: 'What it told, or why it did not.',
    schema: FunctionTried,
    example: { ok: true, data: { status: 'shipped' }, execution_time_ms: 187 },
  },
  errors: ['invalid_payload', ...ERRORS],
} as const satisfies Operation

const listCalls = {
  id: 'listIntegrationCalls',
  summary: 'List the recent calls of an integration',
  description: 'The newest 100 that went well and the newest 100 failures, the newest first.',
  ...READERS,
  success: {
    status: 200,
    description: 'The calls: never what was asked or answered.',
    schema: IntegrationCallsTold,
    example: { calls: [INTEGRATION_CALL] },
  },
  errors: ERRORS,
} as const satisfies Operation

const removeEndpoint = {
  id: 'removeIntegrationEndpoint',
  summary: 'Take away what an integration can be asked',
  ...KEEPERS,
  success: told('The integration as it is now.'),
  errors: ERRORS,
} as const satisfies Operation

const removeIntegration = {
  id: 'removeIntegration',
  summary: 'Take an integration away',
  description: 'With all that it can be asked.',
  ...KEEPERS,
  success: {
    status: 200,
    description: 'What is gone.',
    schema: IntegrationRemoved,
    example: { id: INTEGRATION.id },
  },
  errors: ERRORS,
} as const satisfies Operation

export const INTEGRATION_OPERATIONS = {
  'GET /api/admin/integration-types': listIntegrationTypes,
  'GET /api/admin/clients/:client_id/integrations': listIntegrations,
  'POST /api/admin/clients/:client_id/integrations': connectIntegration,
  'GET /api/admin/clients/:client_id/integrations/:integration_id': readIntegration,
  'PATCH /api/admin/clients/:client_id/integrations/:integration_id': changeIntegration,
  'PUT /api/admin/clients/:client_id/integrations/:integration_id/credentials': enterCredentials,
  'POST /api/admin/clients/:client_id/integrations/:integration_id/test': testIntegration,
  'PUT /api/admin/clients/:client_id/integrations/:integration_id/endpoints/:endpoint_name': saveEndpoint,
  'POST /api/admin/clients/:client_id/integrations/:integration_id/try': tryFunction,
  'GET /api/admin/clients/:client_id/integrations/:integration_id/calls': listCalls,
  'DELETE /api/admin/clients/:client_id/integrations/:integration_id/endpoints/:endpoint_name':
    removeEndpoint,
  'DELETE /api/admin/clients/:client_id/integrations/:integration_id': removeIntegration,
} as const satisfies Record<OperationKey, Operation>
