import Type, { type Static } from 'typebox'
import { paging } from './paging.ts'
import { Timestamp, Uuid } from './records.ts'

const closed = { additionalProperties: false }

/** What a tool is asked when people try it: as by a model for a visitor of this proved id, or for one who is not signed in. */
export const ToolTrialBody = Type.Object(
  {
    arguments: Type.Record(Type.String(), Type.Unknown()),
    user_id: Type.Optional(Type.String({ minLength: 1, maxLength: 200, format: 'text' })),
  },
  closed,
)
export type ToolTrialBody = Static<typeof ToolTrialBody>

/** What a call came to, as it is kept: without what looks like a credential. */
const outcome = Type.Unknown({
  description:
    '`{status, kind, body}`: it answered. `{failed}`: it told why it failed. `{fault}`: it did not answer. `{refused}`: ' +
    'it was not called. Null: not known.',
})
const duration = Type.Union([Type.Integer(), Type.Null()], { description: 'Milliseconds; null: not known.' })

/** A test run. */
export const ToolTrial = Type.Object({
  id: Uuid,
  tool_name: Type.String(),
  arguments: Type.Record(Type.String(), Type.Unknown()),
  ok: Type.Boolean(),
  outcome,
  content: Type.String({ description: 'What a model would read.' }),
  execution_time_ms: Type.Integer(),
  at: Timestamp,
  by: Type.Union([Type.String(), Type.Null()], {
    description: 'Who tried it; null: somebody at the machine, or gone.',
  }),
})
export type ToolTrial = Static<typeof ToolTrial>

export const ToolTried = Type.Object({ trial: ToolTrial })
export type ToolTried = Static<typeof ToolTried>

export const ToolTrialsTold = Type.Object({ trials: Type.Array(ToolTrial) })
export type ToolTrialsTold = Static<typeof ToolTrialsTold>

/** A call that a model made, of a workflow, an integration or a server's tool. */
export const ToolExecutionRow = Type.Object({
  id: Uuid,
  tool_name: Type.String({ description: 'As models know it.' }),
  conversation_id: Uuid,
  turn: Type.Integer(),
  arguments: Type.Record(Type.String(), Type.Unknown()),
  outcome,
  success: Type.Union([Type.Boolean(), Type.Null()], {
    description: 'Null: begun, and its outcome is not known.',
  }),
  execution_time_ms: duration,
  at: Timestamp,
  late: Type.Optional(
    Type.Object(
      { result: Type.Unknown(), at: Timestamp },
      { description: 'What was brought after the call had been answered.' },
    ),
  ),
})
export type ToolExecutionRow = Static<typeof ToolExecutionRow>

export const ToolExecutionsQuery = Type.Object(
  {
    tool_name: Type.Optional(Type.String({ maxLength: 64 })),
    outcome: Type.Optional(Type.Enum(['succeeded', 'failed', 'unknown'])),
    ...paging,
  },
  closed,
)
export type ToolExecutionsQuery = Static<typeof ToolExecutionsQuery>

export const ToolExecutionsPage = Type.Object({
  executions: Type.Array(ToolExecutionRow),
  has_more: Type.Boolean(),
})
export type ToolExecutionsPage = Static<typeof ToolExecutionsPage>
