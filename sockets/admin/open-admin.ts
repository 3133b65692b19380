import type { AgentConversations } from '../../server/conversation/agent-conversations.ts'
import type { Redis } from '../../server/infra/redis/redis.ts'
import type { FanOut } from '../fanout.ts'
import { joinNodes } from './bus-adapter.ts'
import { catchUpInbox } from './inbox-catch-up.ts'
import { changeOf } from './inbox-change.ts'
import { Inbox } from './inbox.ts'
import type { TellColleagues } from '../../server/desk/notes.ts'
import { Lookers } from './lookers.ts'
import { OtherLookers } from './other-lookers.ts'
import { noteTeller } from './tell-notes.ts'
import { serveAdmin, type AdminParts } from './index.ts'
import { maySpeak } from './requests.ts'
import { OtherInboxes } from './other-inboxes.ts'
import type { AdminNamespace } from './socket-types.ts'

export interface OpenAdminParts extends Omit<AdminParts, 'inbox' | 'lookers'> {
  agents: AgentConversations
  fanout: FanOut
  /** How other nodes are reached; none where this one is alone. */
  nodes?: Pick<Redis, 'bus' | 'presence'>
}

export interface OpenAdmin {
  /** Ids of the people who are connected here and may speak with visitors. */
  present(): string[]
  /** Tells whoever looks at a conversation, on every node. */
  tellColleagues: TellColleagues
  /** Ends its own work; connections stay. */
  stop(): Promise<void>
}

/** The namespace of the people of the business, joined to those of other nodes. */
export function openAdmin(namespace: AdminNamespace, parts: OpenAdminParts): OpenAdmin {
  const { agents, fanout, cutOffs, log, nodes } = parts
  const inbox = new Inbox({ agents, log })
  const lookers = new Lookers()
  const elsewhere = nodes && reachOthers(namespace, { ...parts, inbox, lookers, nodes })
  fanout.overhear((to, event) => {
    const change = changeOf(to, event)
    if (!change) return
    inbox.changed(change)
    elsewhere?.inboxes.tell(change)
  })
  if (nodes) {
    namespace.on('cut', (off) => cutOffs.hear(off))
    cutOffs.tellWith((off) => namespace.serverSideEmit('cut', off))
  }
  serveAdmin(namespace, { ...parts, inbox, lookers })

  return {
    present() {
      const speaking = [...namespace.sockets.values()].filter(({ data }) => maySpeak(data.access))
      return [...new Set(speaking.map(({ data }) => data.access.admin_id))]
    },
    tellColleagues: noteTeller(namespace, lookers, nodes !== undefined),
    async stop() {
      elsewhere?.inboxes.stop()
      elsewhere?.looking.stop()
      await Promise.all([inbox.stop(), elsewhere?.catchUp.stop()])
    },
  }
}

function reachOthers(
  namespace: AdminNamespace,
  {
    nodes: redis,
    agents,
    inbox,
    lookers,
    log,
  }: Required<OpenAdminParts> & { inbox: Inbox; lookers: Lookers },
) {
  joinNodes(namespace, redis)
  const looking = new OtherLookers({ namespace, presence: redis.presence, lookers })
  lookers.joinWith(looking)
  return {
    looking,
    inboxes: new OtherInboxes({ namespace, redis, inbox }),
    catchUp: catchUpInbox({ presence: redis.presence, agents, inbox, log }),
  }
}
