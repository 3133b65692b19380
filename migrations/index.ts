import { clients } from './001-clients.ts'
import { people } from './002-people.ts'
import { conversations } from './003-conversations.ts'
import { tools } from './004-tools.ts'
import { knowledge } from './005-knowledge.ts'
import { usage } from './006-usage.ts'
import { knowledgeVersions } from './007-knowledge-versions.ts'
import { spending } from './008-spending.ts'
import { handoff } from './009-handoff.ts'
import { identity } from './010-identity.ts'
import { inbox } from './011-inbox.ts'
import { webhooks } from './012-webhooks.ts'
import { confirmations } from './014-confirmations.ts'
import { callbacks } from './015-callbacks.ts'
import { integrations } from './016-integrations.ts'
import { mcp } from './017-mcp.ts'
import { telling } from './018-telling.ts'
import { toolTrials } from './019-tool-trials.ts'
import { usageSources } from './020-usage-sources.ts'
import { retentionRuns } from './021-retention-runs.ts'
import { legalHolds } from './022-legal-holds.ts'
import { privacy } from './023-privacy.ts'
import { testChats } from './025-test-chats.ts'
import { desk } from './028-desk.ts'
import type { Migration } from './migration.ts'

/** Every migration, in the order in which they run. Listed by hand: a file glob would find `.ts` and `.js` twins. */
export const migrations: readonly Migration[] = [
  clients,
  people,
  conversations,
  tools,
  knowledge,
  usage,
  knowledgeVersions,
  spending,
  handoff,
  identity,
  inbox,
  webhooks,
  confirmations,
  callbacks,
  integrations,
  mcp,
  telling,
  toolTrials,
  usageSources,
  retentionRuns,
  legalHolds,
  privacy,
  testChats,
  desk,
]

export type { Migration } from './migration.ts'
