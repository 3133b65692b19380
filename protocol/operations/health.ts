import Type from 'typebox'
import { Health, Readiness } from '../rest.ts'
import type { Operation } from './operation.ts'

export const health = {
  id: 'readHealth',
  summary: 'Ask whether the process lives',
  tag: 'Operation',
  credentials: [],
  success: {
    status: 200,
    description: 'It does, on this engine.',
    schema: Health,
    example: { status: 'ok', engine: 'uws', version: '0.1.0' },
  },
  errors: [],
} as const satisfies Operation

export const readiness = {
  id: 'readReadiness',
  summary: 'Ask whether visitors may be sent here',
  description:
    'Not while the process drains, nor without its database. Without Redis they may, and it is told.',
  tag: 'Operation',
  credentials: [],
  success: {
    status: 200,
    description: 'They may.',
    schema: Readiness,
    example: { status: 'ready', redis: 'here' },
  },
  errors: ['draining'],
} as const satisfies Operation

export const metrics = {
  id: 'readMetrics',
  summary: 'Read the metrics',
  description: 'For Prometheus. Counts only, of nobody in particular.',
  tag: 'Operation',
  credentials: [],
  success: {
    status: 200,
    description: 'The text exposition format.',
    type: 'text/plain',
    schema: Type.String(),
    example: '# TYPE parlor_sockets_open gauge\nparlor_sockets_open 3\n',
  },
  errors: [],
} as const satisfies Operation
