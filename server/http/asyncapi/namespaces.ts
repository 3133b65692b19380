import { ADMIN_EVENTS, ADMIN_NAMESPACE, ADMIN_REQUESTS, AdminHandshake } from '../../../protocol/admin.ts'
import {
  WIDGET_EVENTS,
  WIDGET_NAMESPACE,
  WIDGET_REQUESTS,
  WidgetHandshake,
} from '../../../protocol/widget.ts'
import type { Namespace } from './socket.ts'

/** The namespaces there are. */
export const NAMESPACES: readonly Namespace[] = [
  {
    channel: 'widget',
    name: WIDGET_NAMESPACE,
    title: 'The namespace of visitors',
    handshake: {
      summary: 'The `auth` of the handshake. Without a session, one is made.',
      auth: WidgetHandshake,
    },
    welcome: 'session:ready',
    requests: WIDGET_REQUESTS,
    events: WIDGET_EVENTS,
  },
  {
    channel: 'admin',
    name: ADMIN_NAMESPACE,
    title: 'The namespace of the people of the business',
    handshake: {
      summary:
        'The `auth` of the handshake: the access token that signing in gives. From our own origin only.',
      auth: AdminHandshake,
    },
    requests: ADMIN_REQUESTS,
    events: ADMIN_EVENTS,
  },
]
