import Type, { type Static } from 'typebox'
import { BusinessHours } from './business-hours.ts'

/** What a client may write about its AI, in characters; and how many models may stand by. */
export const AI_LIMITS = { prompt: 4_000, tone: 200, name: 200, fallbacks: 3 } as const

/** Tones that have a name; any other text is the tone in the client's own words. */
export const NamedTone = Type.Enum(['friendly', 'formal', 'playful', 'concise'])

/** How vendors and gateways write their models: `claude-haiku-5-5`, `qwen3:8b`, `org/model@version`. */
export const ModelId = Type.String({ pattern: '^[A-Za-z0-9_.:@/-]+$', maxLength: AI_LIMITS.name })

/** `claude`, `openai`, `ollama`, `offline`: as the server calls it. */
export const ProviderName = Type.String({ pattern: '^[a-z][a-z0-9-]*$', maxLength: AI_LIMITS.name })

export const ModelChoice = Type.Object(
  { provider: ProviderName, model: Type.Optional(ModelId) },
  { additionalProperties: false },
)

/** How a model is to work; what a provider does not know, it leaves out. */
export const ModelParameters = Type.Object(
  {
    /** Tokens of one answer, thinking included. */
    max_output_tokens: Type.Optional(Type.Integer({ minimum: 256, maximum: 32_768 })),
    temperature: Type.Optional(Type.Number({ minimum: 0, maximum: 2 })),
    effort: Type.Optional(Type.Enum(['low', 'medium', 'high'])),
    /** Tokens that a local model reads. */
    context_tokens: Type.Optional(Type.Integer({ minimum: 2_048, maximum: 1_048_576 })),
  },
  { additionalProperties: false },
)

/** When conversations go to a person; what is left out is as in `HANDOFF_DEFAULTS`. */
export const HandoffRules = Type.Object(
  {
    /** False: nobody can be asked for. */
    offered: Type.Optional(Type.Boolean()),
    /** Minutes that a visitor waits for somebody to come; then the AI goes on. */
    wait_minutes: Type.Optional(Type.Integer({ minimum: 1, maximum: 240 })),
    /** So many failed answers in a row ask for a person; 0: none do. */
    failed_answers: Type.Optional(Type.Integer({ minimum: 0, maximum: 10 })),
    /** So many failures of one tool within a turn ask for a person; 0: none do. */
    failed_calls: Type.Optional(Type.Integer({ minimum: 0, maximum: 10 })),
  },
  { additionalProperties: false },
)

/** How the AI of one client works. What is left out is as the installation has it. */
export const AiSettings = Type.Object(
  {
    provider: Type.Optional(ProviderName),
    model: Type.Optional(ModelId),
    /** Asked in this order when the model fails before its first word. */
    fallbacks: Type.Optional(Type.Array(ModelChoice, { maxItems: AI_LIMITS.fallbacks })),
    parameters: Type.Optional(ModelParameters),
    /** Instructions added to the prompt. */
    prompt: Type.Optional(Type.String({ minLength: 1, maxLength: AI_LIMITS.prompt, format: 'text' })),
    /** A `NamedTone`, or words that go on after "Write ...". */
    tone: Type.Optional(Type.String({ minLength: 1, maxLength: AI_LIMITS.tone, format: 'text' })),
    /** The language of every answer (BCP 47); `auto`: that of the visitor. */
    language: Type.Optional(Type.String({ format: 'language-or-auto' })),
    /** IANA; without it that of `business_info.timezone`, else UTC. */
    time_zone: Type.Optional(Type.String({ format: 'time-zone' })),
    /** False: the client's documents are neither read nor searched. */
    knowledge: Type.Optional(Type.Boolean()),
    /** False: no answer is given again to the same first question of somebody else. */
    cache: Type.Optional(Type.Boolean()),
    /** When it hands over to a person. */
    handoff: Type.Optional(HandoffRules),
    /** When people answer; without it, whenever one is there. */
    hours: Type.Optional(BusinessHours),
  },
  { additionalProperties: false },
)

export type HandoffRules = Static<typeof HandoffRules>
export type NamedTone = Static<typeof NamedTone>
export type AiSettings = Static<typeof AiSettings>
