import type {
  EndpointBody,
  IntegrationCallRow,
  IntegrationRow,
  IntegrationTypeRow,
} from '../integration-keeping.ts'

/** A system that the shop has connected, for the examples in the API's document. */

export const ENDPOINT: EndpointBody = {
  description: 'Tells where an order is. Call it when the visitor asks for an order and gives its number.',
  parameters: {
    type: 'object',
    properties: { order: { type: 'string', description: 'Such as 1001.', maxLength: 20 } },
    required: ['order'],
    additionalProperties: false,
  },
  request: { method: 'GET', url: '/orders/{order}' },
}

export const INTEGRATION: IntegrationRow = {
  id: '6f2d9b7e-81c4-4a3f-b5d0-2e9c4f7a1b68',
  name: 'shop',
  type: 'custom_api',
  config: { base_url: 'https://api.shop.example' },
  has_credentials: false,
  enabled: true,
  verdict: null,
  functions: [
    {
      ...{ name: 'order_status', called: 'shop_order_status', description: ENDPOINT.description },
      parameters: { type: 'object', properties: { order: { type: 'string' } }, required: ['order'] },
      ...{ policy: 'read', personal: false, user_generated: false, cache_seconds: 300, label: null },
      request: { method: 'GET', url: '/orders/{order}' },
    },
  ],
  created_at: '2026-11-23T09:30:00.000Z',
}

export const INTEGRATION_TYPE: IntegrationTypeRow = {
  type: 'shopify',
  config: { type: 'object', properties: { shop: { type: 'string' } }, required: ['shop'] },
  credentials: { type: 'object', properties: { access_token: { type: 'string' } } },
  request: null,
}

export const INTEGRATION_CALL: IntegrationCallRow = {
  ...{ id: '4711', function: 'order_status', problem: 'unreachable', message: 'It cannot be reached.' },
  ...{ cached: false, execution_time_ms: 12, at: '2026-11-23T09:30:00.000Z' },
}
