import { AiChangesBody, AiTold, BusinessChanges } from '../../client-ai.ts'
import {
  IdentityChanges,
  IdentitySecretIssued,
  IdentityTold,
  IdentityTrialBody,
} from '../../client-identity.ts'
import { IdentityTried } from '../../client-identity.ts'
import {
  MESSAGE_DAYS,
  PlanBody,
  RetentionBody,
  TermsTold,
  type TermsTold as Terms,
} from '../../client-terms.ts'
import {
  SnippetQuery,
  SnippetTold,
  WidgetChangesBody,
  WidgetPreview,
  WidgetTold,
} from '../../client-widget.ts'
import type { WidgetConfig } from '../../rest.ts'
import { IDENTITY_TOKEN } from '../examples.ts'
import type { Operation, OperationKey } from '../operation.ts'
import { forPeople, PEOPLE_ERRORS } from './for-people.ts'

/** How a client's AI works, how its widget looks, who its visitors are and what its plan allows. */

const AI: AiTold = {
  settings: {
    tone: 'friendly',
    hours: { week: { monday: [{ from: '09:00', to: '17:00' }] } },
    time_zone: 'Europe/London',
  },
  ignored: [],
  providers: ['claude', 'openai', 'ollama', 'offline'],
  opening: { time_zone: 'Europe/London', open: false, opens_at: '2026-11-30T09:00:00.000Z' },
  business: { phone: '+44 20 7946 0000' },
}

const SHOWN: WidgetConfig = {
  client: { name: 'Blue Bakery' },
  branding: {
    ...{ color: '#0f766e', agent_name: 'Blue Bakery', greeting: 'Good morning!', suggestions: [] },
    ...{ position: 'right', theme: 'auto' },
  },
  locale: 'en',
  features: { sources: true, stop: true, handoff: true, rating: true, contact: true, transcript: true },
}

const LOOK = { color: '#0f766e', greeting: 'Good morning!' }

const SNIPPET =
  '<script src="https://chat.example/widget.js?key=pk_9hL2mXv0cQ4sT7yBwZ1dKf3g" data-theme="dark" async></script>'

const TERMS: Terms = {
  plan_type: 'starter',
  plans: ['free', 'starter', 'pro'],
  retention: { messages_days: 14, most_days: MESSAGE_DAYS },
}

const READERS = forPeople('analyst', 'client')
const KEEPERS = forPeople('admin', 'client')

const READING = ['not_found', ...PEOPLE_ERRORS] as const
const CHANGING = ['invalid_payload', ...READING] as const

const aiTold = (description: string) => ({ status: 200, description, schema: AiTold, example: AI }) as const
const widgetTold = (description: string) =>
  ({ status: 200, description, schema: WidgetTold, example: { settings: LOOK, shown: SHOWN } }) as const
const identityTold = (description: string) =>
  ({
    ...({ status: 200, description, schema: IdentityTold } as const),
    example: { has_secret: true, required: false },
  }) as const
const termsTold = (description: string) =>
  ({ status: 200, description, schema: TermsTold, example: TERMS }) as const

export const SETTINGS_OPERATIONS = {
  'GET /api/admin/clients/:client_id/ai': {
    ...READERS,
    id: 'readAi',
    summary: 'Read how a client’s AI works',
    success: aiTold('Its settings, and what it may tell of the business.'),
    errors: READING,
  },
  'PATCH /api/admin/clients/:client_id/ai': {
    ...KEEPERS,
    id: 'changeAi',
    summary: 'Change how a client’s AI works',
    description:
      'What is left out stays, null is as the installation has it. So with the parts of `parameters` and `handoff`. ' +
      'Turns that begin later heed it.',
    body: { schema: AiChangesBody, example: { tone: 'formal', hours: null } },
    success: aiTold('Its settings as they are now.'),
    errors: CHANGING,
  },
  'PATCH /api/admin/clients/:client_id/business': {
    ...KEEPERS,
    id: 'changeBusiness',
    summary: 'Change what a client’s AI may tell of the business',
    description: 'What is left out stays, null takes away.',
    body: { schema: BusinessChanges, example: { phone: '+44 20 7946 0000' } },
    success: aiTold('What it may tell now.'),
    errors: CHANGING,
  },
  'GET /api/admin/clients/:client_id/widget': {
    ...READERS,
    id: 'readWidget',
    summary: 'Read how a client’s widget looks',
    success: widgetTold('What is set, and what visitors are shown.'),
    errors: READING,
  },
  'PATCH /api/admin/clients/:client_id/widget': {
    ...KEEPERS,
    id: 'changeWidget',
    summary: 'Change how a client’s widget looks',
    description:
      'What is left out stays, null is as the installation has it. Of `features`, those that are named change. Pages ' +
      'show it within a minute.',
    body: { schema: WidgetChangesBody, example: LOOK },
    success: widgetTold('What is set now.'),
    errors: CHANGING,
  },
  'POST /api/admin/clients/:client_id/widget/preview': {
    ...READERS,
    id: 'previewWidget',
    summary: 'See how a client’s widget would look',
    description: 'With these changes, of which nothing is kept.',
    body: { schema: WidgetChangesBody, example: LOOK },
    success: {
      status: 200,
      description: 'What visitors would be shown.',
      schema: WidgetPreview,
      example: { shown: SHOWN },
    },
    errors: CHANGING,
  },
  'GET /api/admin/clients/:client_id/snippet': {
    ...READERS,
    id: 'readSnippet',
    summary: 'Read what goes into a client’s pages',
    query: { schema: SnippetQuery, example: { theme: 'dark' } },
    success: {
      status: 200,
      description: 'The script tag.',
      schema: SnippetTold,
      example: { snippet: SNIPPET, origin: 'https://chat.example' },
    },
    errors: CHANGING,
  },
  'GET /api/admin/clients/:client_id/identity': {
    ...READERS,
    id: 'readIdentity',
    summary: 'Read how a client’s visitors prove who they are',
    success: identityTold('Whether they can, and whether they must.'),
    errors: READING,
  },
  'POST /api/admin/clients/:client_id/identity/try': {
    ...KEEPERS,
    id: 'tryIdentity',
    summary: 'See whom an identity token proves',
    description: '`identity_invalid` says why it proves nobody.',
    body: { schema: IdentityTrialBody, example: { identity_token: IDENTITY_TOKEN } },
    success: {
      status: 200,
      description: 'What the token says.',
      schema: IdentityTried,
      example: { user_id: 'customer-7', name: 'Ada Lovelace', email: null, attributes: {} },
    },
    errors: ['identity_invalid', ...CHANGING],
  },
  'POST /api/admin/clients/:client_id/identity/secret': {
    ...KEEPERS,
    id: 'issueIdentitySecret',
    summary: 'Make a client’s identity secret',
    description:
      'With it the client’s server signs who its visitors are. What the one before has signed is refused.',
    success: {
      status: 200,
      description: 'The secret, told this once.',
      schema: IdentitySecretIssued,
      example: { secret: 'is_u7Qe2LpXz9RfVw3Kb5Hn8Mc1Ty6Jd0Gs4Aq7Eo2Ui9' },
    },
    errors: READING,
  },
  'PATCH /api/admin/clients/:client_id/identity': {
    ...KEEPERS,
    id: 'changeIdentity',
    summary: 'Say whether a client’s visitors must prove who they are',
    description: '`invalid_payload` where there is no secret with which they could.',
    body: { schema: IdentityChanges, example: { required: false } },
    success: identityTold('As it is now.'),
    errors: CHANGING,
  },
  'GET /api/admin/clients/:client_id/terms': {
    ...READERS,
    id: 'readTerms',
    summary: 'Read a client’s plan, and for how long its messages are kept',
    success: termsTold('The terms.'),
    errors: READING,
  },
  'PATCH /api/admin/clients/:client_id/plan': {
    ...forPeople('owner', 'installation'),
    id: 'changePlan',
    summary: 'Give a client another plan',
    body: { schema: PlanBody, example: { plan_type: 'starter' } },
    success: termsTold('The terms as they are now.'),
    errors: CHANGING,
  },
  'PATCH /api/admin/clients/:client_id/retention': {
    ...KEEPERS,
    id: 'changeRetention',
    summary: 'Say for how long a client’s messages are kept',
    body: { schema: RetentionBody, example: { messages_days: 14 } },
    success: termsTold('The terms as they are now.'),
    errors: CHANGING,
  },
} as const satisfies Record<OperationKey, Operation>
