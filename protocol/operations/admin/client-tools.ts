import { ToolRemoved } from '../../catalogue.ts'
import {
  ClientToolRead,
  ClientToolsTold,
  ClientToolTold,
  NewClientToolBody,
  SecretIssued,
  type ClientToolRow,
} from '../../client-tools.ts'
import {
  ToolExecutionsPage,
  ToolExecutionsQuery,
  ToolTrialBody,
  ToolTrialsTold,
  ToolTried,
} from '../../tool-runs.ts'
import { ClientToolChanges } from '../../tools.ts'
import type { Operation, OperationKey } from '../operation.ts'
import { CATALOGUE_TOOL, EXECUTION, TOOL_TRIAL } from '../tool-examples.ts'
import { forPeople, PEOPLE_ERRORS } from './for-people.ts'

/** What one client makes of the catalogue. */

const KEEPERS = forPeople('admin', 'client')
const READERS = forPeople('analyst', 'client')

const ERRORS = ['not_found', ...PEOPLE_ERRORS] as const

const ROW: ClientToolRow = {
  tool: CATALOGUE_TOOL,
  enabled: true,
  n8n_webhook_url: 'https://n8n.shop.example/webhook/orders',
  policy: 'read',
  idempotent: true,
  label: 'Looking up your order',
}

const SIGNING = { issued: true, previous_until: null }

const told = (description: string) => ({
  ...({ status: 200, description, schema: ClientToolTold } as const),
  example: { tool: { ...ROW, custom_config: {} } },
})

const listClientTools = {
  id: 'listClientTools',
  summary: 'List the tools that a client uses',
  description: 'By name, also those that are switched off.',
  ...READERS,
  success: {
    status: 200,
    description: 'The tools, and how their calls are signed.',
    schema: ClientToolsTold,
    example: { tools: [ROW], signing: SIGNING },
  },
  errors: ERRORS,
} as const satisfies Operation

const addClientTool = {
  id: 'addClientTool',
  summary: 'Let a client use a tool',
  description:
    'The model may call it within five seconds. With a client’s first tool the secret that signs its calls is made, and ' +
    'told once.',
  ...KEEPERS,
  body: {
    schema: NewClientToolBody,
    example: {
      tool_id: CATALOGUE_TOOL.id,
      n8n_webhook_url: 'https://n8n.shop.example/webhook/orders',
      policy: 'read',
    },
  },
  success: told('The tool as the client uses it.'),
  errors: ['invalid_payload', ...ERRORS],
} as const satisfies Operation

const readClientTool = {
  id: 'readClientTool',
  summary: 'Read how a client uses a tool',
  ...KEEPERS,
  success: {
    status: 200,
    description: 'With what is sent with every call.',
    schema: ClientToolRead,
    example: { tool: { ...ROW, custom_config: {} } },
  },
  errors: ERRORS,
} as const satisfies Operation

const changeClientTool = {
  id: 'changeClientTool',
  summary: 'Change how a client uses a tool',
  description: 'What is left out stays. It holds within five seconds.',
  ...KEEPERS,
  body: { schema: ClientToolChanges, example: { enabled: true, label: 'Looking up your order' } },
  success: told('The tool as the client uses it now.'),
  errors: ['invalid_payload', ...ERRORS],
} as const satisfies Operation

const removeClientTool = {
  id: 'removeClientTool',
  summary: 'Take a tool from a client',
  ...KEEPERS,
  success: {
    status: 200,
    description: 'What the client does not use any more.',
    schema: ToolRemoved,
    example: { id: CATALOGUE_TOOL.id },
  },
  errors: ERRORS,
} as const satisfies Operation

const tryClientTool = {
  id: 'tryClientTool',
  summary: 'Try a tool',
  description:
    'Calls it as a model would, also where it is switched off, and waits for 30 seconds at most. `test` in what is sent ' +
    'tells the workflow. As `user_id`, for a visitor who is proved to be that; without, for one who is not signed in.',
  ...KEEPERS,
  body: { schema: ToolTrialBody, example: { arguments: { order: '1001' } } },
  success: {
    status: 200,
    description: 'What it came to: a failure, too.',
    schema: ToolTried,
    example: { trial: TOOL_TRIAL },
  },
  errors: ['invalid_payload', ...ERRORS],
} as const satisfies Operation

const listToolTrials = {
  id: 'listToolTrials',
  summary: 'List the test runs of a tool',
  description: 'The newest 50, the newest first.',
  ...READERS,
  success: {
    status: 200,
    description: 'The test runs.',
    schema: ToolTrialsTold,
    example: { trials: [TOOL_TRIAL] },
  },
  errors: ERRORS,
} as const satisfies Operation

const rotateWebhookSecret = {
  id: 'rotateWebhookSecret',
  summary: 'Make another secret that signs a client’s calls',
  description: 'The one before it counts for 24 hours more.',
  ...KEEPERS,
  success: {
    status: 200,
    description: 'The secret, told this once.',
    schema: SecretIssued,
    example: { secret: 'whsec_7Qe2LpXz9RfVw3Kb5Hn8Mc1Ty6Jd0Gs4Aq7Eo2Ui9k=', signing: SIGNING },
  },
  errors: ERRORS,
} as const satisfies Operation

const listToolExecutions = {
  id: 'listToolExecutions',
  summary: 'List what a client’s models have called',
  description:
    'Calls of workflows, integrations and servers’ tools, the newest first; for the next page, give the last `id` as ' +
    '`after`.',
  ...READERS,
  query: { schema: ToolExecutionsQuery, example: { outcome: 'failed' } },
  success: {
    status: 200,
    description: 'A page of calls.',
    schema: ToolExecutionsPage,
    example: { executions: [EXECUTION], has_more: false },
  },
  errors: ['invalid_payload', ...ERRORS],
} as const satisfies Operation

export const CLIENT_TOOL_OPERATIONS = {
  'GET /api/admin/clients/:client_id/tools': listClientTools,
  'POST /api/admin/clients/:client_id/tools': addClientTool,
  'GET /api/admin/clients/:client_id/tools/:tool_id': readClientTool,
  'PATCH /api/admin/clients/:client_id/tools/:tool_id': changeClientTool,
  'POST /api/admin/clients/:client_id/tools/:tool_id/test': tryClientTool,
  'GET /api/admin/clients/:client_id/tools/:tool_id/tests': listToolTrials,
  'POST /api/admin/clients/:client_id/webhook-secret/rotate': rotateWebhookSecret,
  'GET /api/admin/clients/:client_id/tool-executions': listToolExecutions,
  'DELETE /api/admin/clients/:client_id/tools/:tool_id': removeClientTool,
} as const satisfies Record<OperationKey, Operation>
