import {
  DataTypes,
  Model,
  Op,
  type CreationOptional,
  type InferAttributes,
  type InferCreationAttributes,
  type NonAttribute,
  type Sequelize,
} from 'sequelize'
import type { ConversationState, HandoffState } from '../protocol/records.ts'
import { databaseTime, optional, PLAIN, required } from './columns.ts'
import { refuseInitialValues, refuseUpdates } from './guard.ts'

/**
 * What decides whose turn it is. The statements of `server/conversation` write these under the row's lock; a model
 * refuses to, at creation and later.
 */
export const DECIDING_COLUMNS = [
  'ended_at',
  'state',
  'epoch',
  'agent_id',
  'last_seq',
  'last_at',
  'visitor_seq',
  'agent_seq',
  'answered_seq',
  'turn',
  'turn_open',
  'turn_seq',
  'turn_epoch',
  'attempt',
  'node',
  'stop_turn',
  'stop_seq',
  'message_count',
  'tokens_total',
  'cost_total',
  'summary',
  'summary_seq',
  'handoff',
  'handoff_requested_at',
  'handoff_until',
  'handoff_by',
  'handoff_reason',
  'handoff_turn',
  'handoff_key',
] as const

type DecidingColumn = (typeof DECIDING_COLUMNS)[number]

/** A talk between a visitor and whoever answers, from its first message to its end. */
export class Conversation extends Model<
  InferAttributes<Conversation>,
  InferCreationAttributes<Conversation, { omit: DecidingColumn }>
> {
  declare id: string
  declare client_id: string
  declare session_id: string
  declare user_identifier: CreationOptional<string | null>
  declare channel: CreationOptional<string>
  declare external_id: CreationOptional<string | null>
  declare is_test: CreationOptional<boolean>
  declare locale: CreationOptional<string | null>
  /** What the page tells of it, and nobody has proved. */
  declare attributes: CreationOptional<Record<string, unknown>>
  /** The score that was given last, 1 to 5. */
  declare rating: CreationOptional<number | null>
  declare started_at: CreationOptional<Date>

  declare readonly ended_at: Date | null
  declare readonly state: ConversationState
  declare readonly epoch: number
  declare readonly agent_id: string | null
  declare readonly last_seq: number
  declare readonly last_at: Date
  declare readonly visitor_seq: number
  declare readonly agent_seq: number
  declare readonly answered_seq: number
  declare readonly turn: number
  declare readonly turn_open: boolean
  declare readonly turn_seq: number
  declare readonly turn_epoch: number
  declare readonly attempt: number
  declare readonly node: string | null
  declare readonly stop_turn: number
  declare readonly stop_seq: number
  declare readonly message_count: number
  /** What was said up to `summary_seq`, for models to read in its place. */
  declare readonly summary: string | null
  declare readonly summary_seq: number
  declare readonly handoff: HandoffState
  /** The request for a person: these mean something only while `handoff` is 'requested'. */
  declare readonly handoff_requested_at: Date | null
  declare readonly handoff_until: Date | null
  declare readonly handoff_by: 'visitor' | 'ai' | 'rule' | null
  declare readonly handoff_reason: string | null
  declare readonly handoff_turn: number
  declare readonly handoff_key: string | null
  /** A bigint, so a string. */
  declare readonly tokens_total: string
  /** US dollars; a numeric, so a string. */
  declare readonly cost_total: string

  get isOpen(): NonAttribute<boolean> {
    return this.state !== 'ended'
  }

  get isWithAgent(): NonAttribute<boolean> {
    return this.state === 'agent'
  }
}

export function defineConversation(sequelize: Sequelize): typeof Conversation {
  const model = class extends Conversation {}.init(
    { ...describingColumns(), ...decidingColumns() },
    {
      ...PLAIN,
      sequelize,
      modelName: 'Conversation',
      tableName: 'conversations',
      scopes: {
        open: { where: { state: { [Op.ne]: 'ended' } } },
        real: { where: { is_test: false } },
        newestFirst: { order: [['started_at', 'DESC']] },
      },
    },
  )
  refuseUpdates(model, DECIDING_COLUMNS)
  refuseInitialValues(model, DECIDING_COLUMNS)
  return model
}

function describingColumns() {
  return {
    id: { type: DataTypes.UUID, primaryKey: true, allowNull: false },
    client_id: required(DataTypes.UUID),
    session_id: required(DataTypes.UUID),
    user_identifier: optional(DataTypes.TEXT),
    channel: required(DataTypes.TEXT, 'web'),
    external_id: optional(DataTypes.TEXT),
    is_test: required(DataTypes.BOOLEAN, false),
    locale: optional(DataTypes.TEXT),
    attributes: required(DataTypes.JSONB, {}),
    rating: optional(DataTypes.SMALLINT),
    started_at: databaseTime(),
  }
}

function decidingColumns() {
  return {
    ended_at: optional(DataTypes.DATE),
    state: required(DataTypes.TEXT, 'ai'),
    epoch: required(DataTypes.INTEGER, 0),
    agent_id: optional(DataTypes.UUID),
    last_seq: required(DataTypes.INTEGER, 0),
    last_at: databaseTime(),
    visitor_seq: required(DataTypes.INTEGER, 0),
    agent_seq: required(DataTypes.INTEGER, 0),
    answered_seq: required(DataTypes.INTEGER, 0),
    turn: required(DataTypes.INTEGER, 1),
    turn_open: required(DataTypes.BOOLEAN, false),
    turn_seq: required(DataTypes.INTEGER, 0),
    turn_epoch: required(DataTypes.INTEGER, 0),
    attempt: required(DataTypes.INTEGER, 0),
    node: optional(DataTypes.UUID),
    stop_turn: required(DataTypes.INTEGER, 0),
    stop_seq: required(DataTypes.INTEGER, 0),
    message_count: required(DataTypes.INTEGER, 0),
    summary: optional(DataTypes.TEXT),
    summary_seq: required(DataTypes.INTEGER, 0),
    tokens_total: required(DataTypes.BIGINT, '0'),
    cost_total: required(DataTypes.DECIMAL(14, 6), '0'),
    handoff: required(DataTypes.TEXT, 'none'),
    handoff_requested_at: optional(DataTypes.DATE),
    handoff_until: optional(DataTypes.DATE),
    handoff_by: optional(DataTypes.TEXT),
    handoff_reason: optional(DataTypes.TEXT),
    handoff_turn: required(DataTypes.INTEGER, 0),
    handoff_key: optional(DataTypes.TEXT),
  }
}
