import { ConfigQuery, WidgetConfig } from '../rest.ts'
import type { Operation } from './operation.ts'

export const widgetConfig = {
  id: 'readWidgetConfig',
  summary: 'Read what a client’s widget looks like',
  description: 'Public, for any page; caches may keep it for a minute.',
  tag: 'Widget',
  credentials: ['widget_key'],
  query: { schema: ConfigQuery, example: { client_api_key: 'pk_demo' } },
  success: {
    status: 200,
    description: 'The client’s name, branding and features.',
    schema: WidgetConfig,
    example: {
      client: { name: 'Acme Outfitters' },
      branding: {
        color: '#4f46e5',
        agent_name: 'Ava',
        greeting: 'Hi! How can I help?',
        suggestions: ['Where is my order?'],
        position: 'right',
        theme: 'auto',
      },
      locale: 'en',
      features: { sources: true, stop: true, handoff: true, rating: true, contact: true, transcript: true },
    },
  },
  errors: ['invalid_payload', 'client_unknown'],
} as const satisfies Operation
