import type { Branding } from '../../protocol/rest.ts'
import { englishFaq, hebrewFaq, type FaqEntry } from './demo-faq.ts'

/** The shop that a fresh installation serves. Plain data: `server/seed.ts` brings it in. */
export const demoClient = {
  name: 'Acme Outfitters',
  api_key: 'pk_demo',
  domain: 'acme-outfitters.example',
  /** `:*` stands for any port. The installation's own address is always allowed. */
  allowed_origins: ['http://localhost:*', 'http://127.0.0.1:*', 'http://[::1]:*'],
  branding: {
    color: '#0f6b52',
    agent_name: 'Acme Assistant',
    greeting:
      'Hi! I can look up orders, stock and prices, book a fitting, and tell how we ship and take back.',
    suggestions: [
      'Where is my order 1001?',
      'Do you have the rain jacket in M?',
      'Book a fitting on Friday at 10',
      'How long does shipping take?',
      'מהן שעות הפתיחה?',
    ],
    position: 'right',
    theme: 'auto',
  } satisfies Branding,
  business_info: {
    description: 'Clothing and gear for the outdoors: jackets, boots, tents, backpacks.',
    website: 'https://acme-outfitters.example',
    email: 'help@acme-outfitters.example',
    phone: '+1 555 0142',
    address: '12 Ridge Road, Springfield',
    timezone: 'Asia/Jerusalem',
    currency: 'USD',
    hours: {
      sunday: '09:00-20:00',
      monday: '09:00-20:00',
      tuesday: '09:00-20:00',
      wednesday: '09:00-20:00',
      thursday: '09:00-20:00',
      friday: '09:00-14:00',
      saturday: 'after Shabbat-23:00',
    },
  },
} as const

/** How it uses the tools that its backend answers (`n8n-workflows/tools`). */
export const demoTools = {
  get_order_status: { policy: 'read', idempotent: true, label: 'Looking up your order' },
  check_inventory: { policy: 'read', idempotent: true, label: 'Checking the shelves' },
  get_product_info: { policy: 'read', idempotent: true, label: 'Looking at the product' },
  book_appointment: { policy: 'confirm', idempotent: true, label: 'Book an appointment' },
} as const

/** What its API can be asked. */
export const demoEndpoint = {
  name: 'list_stores',
  description: 'Lists the shops, with address and telephone. The documents tell when they are open.',
  parameters: { type: 'object', properties: {} },
  request: { method: 'GET', url: '/api/stores', result_path: '/stores' },
  label: 'Looking up our shops',
} as const

/** A document of questions and answers, one passage each. */
export interface DemoDocument {
  title: string
  entries: readonly FaqEntry[]
}

export const demoDocuments: readonly DemoDocument[] = [
  { title: 'Frequently asked questions', entries: englishFaq },
  { title: 'שאלות נפוצות', entries: hebrewFaq },
]
