import type { Words } from '../en/index.ts'
import { account } from './account.ts'
import { audit } from './audit.ts'
import { clientAi } from './client-ai.ts'
import { clients } from './clients.ts'
import { common } from './common.ts'
import { conversations } from './conversations.ts'
import { forms } from './forms.ts'
import { functionArguments } from './function-arguments.ts'
import { integrations } from './integrations.ts'
import { knowledge } from './knowledge.ts'
import { live } from './live.ts'
import { look } from './look.ts'
import { mcp } from './mcp.ts'
import { overview } from './overview.ts'
import { people } from './people.ts'
import { replies } from './replies.ts'
import { retention } from './retention.ts'
import { shell } from './shell.ts'
import { signIn } from './sign-in.ts'
import { testChat } from './test-chat.ts'
import { tools } from './tools.ts'

const words: Words = {
  account,
  audit,
  clientAi,
  clients,
  common,
  conversations,
  forms,
  functionArguments,
  integrations,
  knowledge,
  live,
  look,
  mcp,
  overview,
  people,
  replies,
  retention,
  shell,
  signIn,
  testChat,
  tools,
}

export default words
