import {
  DataTypes,
  Model,
  Op,
  type CreationOptional,
  type InferAttributes,
  type InferCreationAttributes,
  type Sequelize,
} from 'sequelize'
import type { AnswerStatus, Author, Role, Source } from '../protocol/records.ts'
import { optional, PLAIN, required } from './columns.ts'
import { refuseUpdates } from './guard.ts'

/** What a tool brought after its call had been answered: no visitor reads any of it. */
export interface LateResult {
  tool: string
  /** As the call had them, masked. */
  arguments: Record<string, unknown>
  /** What the model reads, masked. */
  content: string
  failed: boolean
}

/** What gives a message its place, fixed when it is made. */
const PLACE = [
  'id',
  'conversation_id',
  'seq',
  'role',
  'timestamp',
  'client_message_id',
  'turn',
  'answers_to',
  'status',
  'result',
]

/**
 * One durable message. The table is partitioned by day, so its key also holds `timestamp`. Here it does not:
 * `seq` is unique in its conversation, and a `Date` has milliseconds where the column has microseconds.
 */
export class Message extends Model<InferAttributes<Message>, InferCreationAttributes<Message>> {
  declare id: string
  declare conversation_id: string
  declare seq: number
  declare role: Role | 'tool'
  declare content: string
  declare timestamp: Date
  declare tokens_used: CreationOptional<number>
  declare client_message_id: CreationOptional<string | null>
  declare author: CreationOptional<Author | null>
  declare turn: CreationOptional<number | null>
  declare answers_to: CreationOptional<number | null>
  declare status: CreationOptional<AnswerStatus | null>
  declare sources: CreationOptional<Source[] | null>
  /** Of a tool: what it brought. Its `content` is empty. */
  declare result: CreationOptional<LateResult | null>
}

export function defineMessage(sequelize: Sequelize): typeof Message {
  const model = class extends Message {}.init(
    {
      id: required(DataTypes.UUID),
      conversation_id: { type: DataTypes.UUID, primaryKey: true, allowNull: false },
      seq: { type: DataTypes.INTEGER, primaryKey: true, allowNull: false },
      role: required(DataTypes.TEXT),
      content: required(DataTypes.TEXT),
      timestamp: required(DataTypes.DATE),
      tokens_used: required(DataTypes.INTEGER, 0),
      client_message_id: optional(DataTypes.TEXT),
      author: optional(DataTypes.JSONB),
      turn: optional(DataTypes.INTEGER),
      answers_to: optional(DataTypes.INTEGER),
      status: optional(DataTypes.TEXT),
      sources: optional(DataTypes.JSONB),
      result: optional(DataTypes.JSONB),
    },
    {
      ...PLAIN,
      sequelize,
      modelName: 'Message',
      tableName: 'messages',
      scopes: {
        /** In the order of `seq`. Bounded by the conversation's start, else every partition is looked into. */
        of: (conversation: { id: string; started_at: Date }) => ({
          where: { conversation_id: conversation.id, timestamp: { [Op.gte]: conversation.started_at } },
          order: [['seq', 'ASC']],
        }),
      },
    },
  )
  refuseUpdates(model, PLACE)
  return model
}
