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
import { optional, PLAIN, required } from './columns.ts'
import { refuseUpdates } from './guard.ts'

export type TurnState = 'queued' | 'running' | 'complete' | 'stopped' | 'interrupted' | 'failed'

/** What follows the conversation's row in the same statement, and so is never written by a model. */
const COURSE = [
  'conversation_id',
  'number',
  'attempt',
  'state',
  'node',
  'epoch',
  'after_seq',
  'answers_to',
  'message_seq',
  'opened_at',
  'ended_at',
]

/** One answer in the making and what it came to. The history of the conversation's row; decides nothing. */
export class Turn extends Model<InferAttributes<Turn>, InferCreationAttributes<Turn>> {
  declare conversation_id: string
  declare number: number
  declare attempt: number
  declare state: TurnState
  declare node: CreationOptional<string | null>
  declare epoch: number
  /** Opened to answer visitor messages later than this. */
  declare after_seq: number
  declare answers_to: CreationOptional<number | null>
  declare message_seq: CreationOptional<number | null>
  declare provider: CreationOptional<string | null>
  declare model: CreationOptional<string | null>
  declare prompt_version: CreationOptional<string | null>
  declare variant: CreationOptional<string | null>
  declare tokens_input: CreationOptional<number>
  declare tokens_output: CreationOptional<number>
  declare tokens_cached: CreationOptional<number>
  /** Part of the input and output that we counted ourselves, since the vendor did not tell. */
  declare tokens_estimated: CreationOptional<number>
  /** What each model spent: a turn may ask several. */
  declare spent: CreationOptional<Record<string, unknown>[]>
  /** The answer was said before to the same question, and came from the cache. */
  declare from_cache: CreationOptional<boolean>
  /** Calls of tools that the model made. */
  declare tool_calls: CreationOptional<number>
  /** A numeric, so a string. */
  declare cost: CreationOptional<string>
  declare first_token_ms: CreationOptional<number | null>
  declare total_ms: CreationOptional<number | null>
  declare error: CreationOptional<string | null>
  declare opened_at: Date
  declare ended_at: CreationOptional<Date | null>

  get isOpen(): NonAttribute<boolean> {
    return this.state === 'queued' || this.state === 'running'
  }
}

export function defineTurn(sequelize: Sequelize): typeof Turn {
  const model = class extends Turn {}.init(
    { ...courseColumns(), ...costColumns() },
    {
      ...PLAIN,
      sequelize,
      modelName: 'Turn',
      tableName: 'turns',
      scopes: { open: { where: { state: { [Op.in]: ['queued', 'running'] } } } },
    },
  )
  refuseUpdates(model, COURSE)
  return model
}

function courseColumns() {
  return {
    conversation_id: { type: DataTypes.UUID, primaryKey: true, allowNull: false },
    number: { type: DataTypes.INTEGER, primaryKey: true, allowNull: false },
    attempt: required(DataTypes.INTEGER),
    state: required(DataTypes.TEXT),
    node: optional(DataTypes.UUID),
    epoch: required(DataTypes.INTEGER),
    after_seq: required(DataTypes.INTEGER),
    answers_to: optional(DataTypes.INTEGER),
    message_seq: optional(DataTypes.INTEGER),
    opened_at: required(DataTypes.DATE),
    ended_at: optional(DataTypes.DATE),
  }
}

function costColumns() {
  return {
    provider: optional(DataTypes.TEXT),
    model: optional(DataTypes.TEXT),
    prompt_version: optional(DataTypes.TEXT),
    variant: optional(DataTypes.TEXT),
    tokens_input: required(DataTypes.INTEGER, 0),
    tokens_output: required(DataTypes.INTEGER, 0),
    tokens_cached: required(DataTypes.INTEGER, 0),
    tokens_estimated: required(DataTypes.INTEGER, 0),
    spent: required(DataTypes.JSONB, []),
    from_cache: required(DataTypes.BOOLEAN, false),
    tool_calls: required(DataTypes.INTEGER, 0),
    cost: required(DataTypes.DECIMAL(14, 6), '0'),
    first_token_ms: optional(DataTypes.INTEGER),
    total_ms: optional(DataTypes.INTEGER),
    error: optional(DataTypes.TEXT),
  }
}
