import type { AdminProfile } from '../admin-auth.ts'
import type { KnowledgeDocument } from '../knowledge.ts'
import type { Conversation, Message } from '../records.ts'

/** The cast of the examples in the API's document: one visitor of Acme Outfitters and what was said. */

export const SESSION_ID = '3f0c9a52-7a86-4f2e-9d1b-6a5d0c1e8b47'
export const SESSION_TOKEN = 'Jx0l4mCw9oP2uYvJ7q8sT1rKe5bNfHdZaGiWcXkVtE0'

export const CLIENT_ID = '7a9d2f1c-0b1e-4c59-8a0b-94c3d7b2e615'

/** Signed for no client: only to be read. */
export const IDENTITY_TOKEN =
  'eyJhbGciOiJIUzI1NiJ9.eyJuYW1lIjoiQWRhIExvdmVsYWNlIiwic3ViIjoiY3VzdG9tZXItNyIsImV4cCI6NDEwMjQ0NDgwMH0' +
  '.Ss0KV0nivfxBrUxXrdnET86EdMPwJKF_CHinoeotzDo'

export const QUESTION: Message = {
  id: '8d1f3c02-5b64-4b0e-8f43-21f7a9f0c6de',
  seq: 1,
  role: 'user',
  content: 'Is the rain jacket in stock?',
  created_at: '2026-11-23T09:30:00.000Z',
  client_message_id: 'order-4711-1',
}

export const ANSWER: Message = {
  id: 'b7b0e2a4-93c1-4a3c-9f0a-5d2e7c6f1b38',
  seq: 2,
  role: 'assistant',
  content: 'Yes, in all sizes.',
  created_at: '2026-11-23T09:30:02.500Z',
  answers_to: 1,
  status: 'complete',
  turn: 1,
}

export const CONVERSATION: Conversation = {
  id: 'c2a6d8f0-1e57-4c59-8a0b-94c3d7b2e615',
  session_id: SESSION_ID,
  channel: 'widget',
  state: 'ended',
  handoff: 'none',
  epoch: 1,
  locale: 'en',
  started_at: '2026-11-23T09:30:00.000Z',
  ended_at: '2026-11-23T09:41:12.000Z',
  last_message_at: '2026-11-23T09:30:02.500Z',
  message_count: 2,
}

/** `conversation.turn.step.place`, but to whoever reads it a name like any other. */
export const CALL_ID = `${CONVERSATION.id}.1.0.0`

export const ADMIN: AdminProfile = {
  id: '8d3f6a51-7c42-4e0b-9a1d-2f5b8c7e6d90',
  email: 'dana@shop.example',
  name: 'Dana',
  role: 'agent',
  client_id: CLIENT_ID,
}

export const DOCUMENT: KnowledgeDocument = {
  id: '5e0b7c9d-24f6-4a83-b1c7-8d9e0f1a2b3c',
  title: 'Returns',
  kind: 'markdown',
  url: 'https://shop.example/returns',
  passages: 4,
  created_at: '2026-11-23T09:30:00.000Z',
}
