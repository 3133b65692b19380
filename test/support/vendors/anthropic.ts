import type { IncomingMessage, ServerResponse } from 'node:http'
import type { MessageCreateParams } from '@anthropic-ai/sdk/resources/messages'
import { AnthropicReply } from './anthropic-reply.ts'
import { whyRefused } from './anthropic-rules.ts'
import { failing, type Scenario } from './scenarios.ts'
import { StandIn } from './stand-in.ts'

/** The key that it takes; any other is a 401. */
export const GOOD_KEY = 'sk-ant-test-key'

/** Anthropic's Messages API as far as it is told. */
export class AnthropicStandIn extends StandIn<MessageCreateParams, AnthropicReply> {
  static start(port = 0): Promise<AnthropicStandIn> {
    return new AnthropicStandIn().listen(port)
  }

  protected reply(response: ServerResponse, body: MessageCreateParams): AnthropicReply {
    return new AnthropicReply(response, this.ledger, body.model)
  }

  protected refusalOf(request: IncomingMessage, body: MessageCreateParams): Scenario | null {
    const refused = whyRefused(request, body, GOOD_KEY)
    return refused && failing(refused)
  }
}
