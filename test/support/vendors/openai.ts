import type { IncomingMessage, ServerResponse } from 'node:http'
import { createOpenAi, OPENAI_MODEL, type OpenAiSettings } from '../../../server/llm/openai/index.ts'
import type { Provider } from '../../../server/llm/provider.ts'
import { quickLimits, type LimitChanges } from './asking.ts'
import { ChatReply } from './openai-chat-reply.ts'
import { ResponsesReply } from './openai-responses-reply.ts'
import { isChat, whyRefused, type OpenAiBody } from './openai-rules.ts'
import type { VendorReply } from './reply.ts'
import { failing, type Scenario } from './scenarios.ts'
import { StandIn } from './stand-in.ts'

/** The key that it takes; any other is a 401. */
export const OPENAI_KEY = 'sk-proj-test-key'

/** Both of OpenAI's APIs as far as they are told, and those of servers that speak as it does. */
export class OpenAiStandIn extends StandIn<OpenAiBody, VendorReply> {
  /** Null: it wants none. */
  key: string | null = OPENAI_KEY

  static start(port = 0): Promise<OpenAiStandIn> {
    return new OpenAiStandIn().listen(port)
  }

  protected reply(response: ServerResponse, body: OpenAiBody): VendorReply {
    return isChat(body)
      ? new ChatReply(response, this.ledger, body)
      : new ResponsesReply(response, this.ledger, body.model)
  }

  protected refusalOf(request: IncomingMessage, body: OpenAiBody): Scenario | null {
    const refused = whyRefused(request, body, this.key)
    return refused && failing(refused)
  }
}

/** OpenAI as a server has it, asking the stand-in at this address; repetitions come at once. */
export function openAiAt(
  url: string,
  changes: LimitChanges & Partial<Omit<OpenAiSettings, 'baseUrl'>> = {},
): Provider {
  const { apiKey = OPENAI_KEY, model = OPENAI_MODEL, api = 'responses', ...limits } = changes
  return createOpenAi({ apiKey, model, api, baseUrl: `${url}/v1` }, quickLimits(limits))
}

/** What only the Responses API can say. */
export function onResponses(scenario: Scenario<ResponsesReply>): Scenario {
  return (reply) => {
    if (!(reply instanceof ResponsesReply)) throw new Error('another API was asked')
    return scenario(reply)
  }
}

/** What only Chat Completions can say. */
export function onChat(scenario: Scenario<ChatReply>): Scenario {
  return (reply) => {
    if (!(reply instanceof ChatReply)) throw new Error('another API was asked')
    return scenario(reply)
  }
}
