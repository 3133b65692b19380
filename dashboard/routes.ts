import { createRouter, type NavigateOptions } from 'sv-router'
import NotFound from './shell/NotFound.svelte'

/** Every page there is; each comes when it is wanted. */
const router = createRouter({
  '/': () => import('./pages/live/Live.svelte'),
  '/live': () => import('./pages/live/Live.svelte'),
  '/live/:conversation_id': () => import('./pages/live/Live.svelte'),
  '/clients': {
    '/': () => import('./pages/clients/Clients.svelte'),
    // What stands in the layout is one section of a client, without a heading of its own.
    '/:client_id': {
      '/': () => import('./pages/clients/General.svelte'),
      '/general': () => import('./pages/clients/General.svelte'),
      '/look': () => import('./pages/clients/look/Look.svelte'),
      '/ai': () => import('./pages/clients/Ai.svelte'),
      '/hours': () => import('./pages/clients/Hours.svelte'),
      '/identity': () => import('./pages/clients/Identity.svelte'),
      '/keys': () => import('./pages/clients/Keys.svelte'),
      '/plan': () => import('./pages/clients/Terms.svelte'),
      '/install': () => import('./pages/clients/Install.svelte'),
      '/tools': () => import('./pages/tools/ClientTools.svelte'),
      '/integrations': () => import('./pages/integrations/Integrations.svelte'),
      '/mcp': () => import('./pages/mcp/McpServers.svelte'),
      '/knowledge': () => import('./pages/knowledge/Knowledge.svelte'),
      '/test-chat': () => import('./pages/test-chat/TestChat.svelte'),
      '/replies': () => import('./pages/replies/Replies.svelte'),
      layout: () => import('./pages/clients/ClientLayout.svelte'),
    },
  },
  '/people': () => import('./pages/people/People.svelte'),
  '/retention': () => import('./pages/retention/Retention.svelte'),
  '/audit': () => import('./pages/audit/AuditLog.svelte'),
  '/account': () => import('./pages/account/Account.svelte'),
  '/conversations': () => import('./pages/conversations/Conversations.svelte'),
  '/conversations/:conversation_id': () => import('./pages/conversations/Conversation.svelte'),
  '/catalogue': () => import('./pages/catalogue/Catalogue.svelte'),
  '/overview': () => import('./pages/overview/Overview.svelte'),
  '*': NotFound,
})

/** Where the person is: pathname, parameters, query. */
export const route = router.route

/** The path within the dashboard, as the table above has it: until the router stands, its own has the base before it. */
export function currentPath(): string {
  return route.pathname.replace(/^\/dashboard(?=\/|$)/, '') || '/'
}

/** Goes to another page: a path as above, with what its names stand for in `params`. */
export async function navigate(
  path: string,
  options?: NavigateOptions & { params?: Record<string, string> },
): Promise<void> {
  await (router as Going).navigate(path, options)
}

/** The same without the router's own types, which know a path only where it is written out. */
interface Going {
  navigate(path: string, options?: NavigateOptions): Promise<unknown>
}
