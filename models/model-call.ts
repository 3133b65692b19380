import {
  DataTypes,
  Model,
  type CreationOptional,
  type InferAttributes,
  type InferCreationAttributes,
  type Sequelize,
} from 'sequelize'
import { databaseTime, optional, PLAIN, required } from './columns.ts'
import { refuseUpdates } from './guard.ts'

/** One call of a model in a test chat, as it was made. */
export class ModelCallRow extends Model<
  InferAttributes<ModelCallRow>,
  InferCreationAttributes<ModelCallRow>
> {
  declare conversation_id: string
  /** Within the conversation, from 1. */
  declare number: number
  declare turn: number
  declare attempt: number
  declare provider: string
  declare model: string
  declare at: CreationOptional<Date>
  declare request: Record<string, unknown>
  declare answer: CreationOptional<Record<string, unknown> | null>
  declare fault: CreationOptional<string | null>
  declare wire: Record<string, unknown>[]
  declare tokens_input: number
  declare tokens_output: number
  declare tokens_cached: number
  declare estimated: boolean
  /** US dollars; a numeric, so a string. */
  declare cost: string
  declare first_word_ms: CreationOptional<number | null>
  declare total_ms: number
}

export function defineModelCall(sequelize: Sequelize): typeof ModelCallRow {
  const model = class extends ModelCallRow {}.init(
    {
      conversation_id: { type: DataTypes.UUID, primaryKey: true, allowNull: false },
      number: { type: DataTypes.INTEGER, primaryKey: true, allowNull: false },
      turn: required(DataTypes.INTEGER),
      attempt: required(DataTypes.INTEGER),
      provider: required(DataTypes.TEXT),
      model: required(DataTypes.TEXT),
      at: databaseTime(),
      request: required(DataTypes.JSONB),
      answer: optional(DataTypes.JSONB),
      fault: optional(DataTypes.TEXT),
      wire: required(DataTypes.JSONB),
      tokens_input: required(DataTypes.INTEGER),
      tokens_output: required(DataTypes.INTEGER),
      tokens_cached: required(DataTypes.INTEGER),
      estimated: required(DataTypes.BOOLEAN),
      cost: required(DataTypes.DECIMAL(14, 6)),
      first_word_ms: optional(DataTypes.INTEGER),
      total_ms: required(DataTypes.INTEGER),
    },
    { ...PLAIN, sequelize, modelName: 'ModelCall', tableName: 'model_calls' },
  )
  refuseUpdates(model, Object.keys(model.getAttributes()))
  return model
}
