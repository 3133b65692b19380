import { Type, type Static } from 'typebox'

const closed = { additionalProperties: false }
const Address = Type.String({ minLength: 1, maxLength: 2_000 })
const FieldName = Type.String({ pattern: "^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}$" })
/** What a header can hold: no line of its own, so nothing after it is another header. */
const FieldText = Type.String({ pattern: '^[\\x21-\\x7e](?:[\\x20-\\x7e]{0,998}[\\x21-\\x7e])?$' })

/** How an API of a client's own is reached. */
export const CustomApiConfig = Type.Object(
  {
    base_url: Address,
    auth: Type.Optional(
      Type.Object(
        {
          type: Type.Enum(['none', 'api_key', 'basic', 'bearer', 'oauth2']),
          in: Type.Optional(Type.Enum(['header', 'query'], { description: 'Where an api_key is sent.' })),
          name: Type.Optional(FieldName),
          token_url: Type.Optional(Address),
          scope: Type.Optional(Type.String({ minLength: 1, maxLength: 1_000 })),
          audience: Type.Optional(Type.String({ minLength: 1, maxLength: 1_000 })),
          client_in: Type.Optional(Type.Enum(['header', 'body'])),
        },
        closed,
      ),
    ),
    headers: Type.Optional(Type.Record(FieldName, FieldText, { maxProperties: 20 })),
    test_path: Type.Optional(
      Type.String({ maxLength: 500, description: 'Asked with GET when the connection is tested.' }),
    ),
  },
  closed,
)
export type CustomApiConfig = Static<typeof CustomApiConfig>

/** Which of them are needed is said by `auth.type`. */
export const CustomApiCredentials = Type.Partial(
  Type.Object({
    api_key: FieldText,
    token: FieldText,
    username: Type.String({ minLength: 1, maxLength: 500, pattern: '^[^:\\x00-\\x1f\\x7f]*$' }),
    password: Type.String({ maxLength: 1_000, pattern: '^[^\\x00-\\x1f\\x7f]*$' }),
    client_id: Type.String({ minLength: 1, maxLength: 500 }),
    client_secret: Type.String({ minLength: 1, maxLength: 2_000 }),
  }),
  closed,
)
export type CustomApiCredentials = Static<typeof CustomApiCredentials>

/** What a function of it asks. In texts, `{name}` stands for an argument, and `{visitor.user_id}` for who it is. */
export const CustomApiRequest = Type.Object(
  {
    method: Type.Enum(['GET', 'POST', 'PUT', 'PATCH', 'DELETE']),
    url: Type.String({ minLength: 1, maxLength: 1_000, description: 'A path below base_url.' }),
    query: Type.Optional(
      Type.Record(Type.String({ pattern: '^.{1,100}$' }), Type.String({ maxLength: 1_000 }), {
        maxProperties: 30,
      }),
    ),
    headers: Type.Optional(Type.Record(FieldName, FieldText, { maxProperties: 20 })),
    body: Type.Optional(Type.Unknown({ description: 'Sent as JSON.' })),
    result_path: Type.Optional(Type.String({ maxLength: 500, pattern: '^(?:/.*)?$' })),
    result_fields: Type.Optional(
      Type.Array(Type.String({ minLength: 1, maxLength: 100 }), { minItems: 1, maxItems: 60 }),
    ),
  },
  closed,
)
export type CustomApiRequest = Static<typeof CustomApiRequest>
