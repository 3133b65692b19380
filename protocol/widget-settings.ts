import Type, { type Static } from 'typebox'

const closed = { additionalProperties: false }

/** An address that other sites' pages can load from: https, without a user or a password. */
const Address = Type.String({ maxLength: 1_000, format: 'https-address' })

const words = (maxLength: number) => Type.String({ minLength: 1, maxLength, format: 'text' })

/** What a client may say of its widget. What is left out is as `widgetConfig` has it. */
export const WidgetSettings = Type.Object(
  {
    color: Type.Optional(Type.String({ pattern: '^#[0-9a-fA-F]{6}$' })),
    agent_name: Type.Optional(words(60)),
    greeting: Type.Optional(words(500)),
    suggestions: Type.Optional(Type.Array(words(120), { maxItems: 8 })),
    position: Type.Optional(Type.Enum(['right', 'left'])),
    theme: Type.Optional(Type.Enum(['auto', 'light', 'dark'])),
    /** In the window’s header. */
    logo_url: Type.Optional(Address),
    /** Beside what the assistant says. */
    agent_avatar: Type.Optional(Address),
    privacy_url: Type.Optional(Address),
    /** What is offered; whether a person can be asked for, `HandoffRules` say. */
    features: Type.Optional(
      Type.Object(
        {
          sources: Type.Optional(Type.Boolean()),
          stop: Type.Optional(Type.Boolean()),
          rating: Type.Optional(Type.Boolean()),
          contact: Type.Optional(Type.Boolean()),
          transcript: Type.Optional(Type.Boolean()),
        },
        closed,
      ),
    ),
  },
  closed,
)
export type WidgetSettings = Static<typeof WidgetSettings>
