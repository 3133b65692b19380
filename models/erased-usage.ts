import {
  DataTypes,
  Model,
  type CreationOptional,
  type InferAttributes,
  type InferCreationAttributes,
  type Sequelize,
} from 'sequelize'
import { idColumn, PLAIN, required } from './columns.ts'

/**
 * What the erased conversations of a visitor had used on one UTC day, so that the day's usage can still be computed anew.
 * Kept until the day is closed. Counts are bigints and the cost is a numeric, so strings.
 */
export class ErasedUsage extends Model<InferAttributes<ErasedUsage>, InferCreationAttributes<ErasedUsage>> {
  declare id: CreationOptional<string>
  declare client_id: string
  /** `YYYY-MM-DD`. */
  declare date: string
  declare conversation_count: CreationOptional<string>
  declare message_count: CreationOptional<string>
  declare tokens_input: CreationOptional<string>
  declare tokens_output: CreationOptional<string>
  declare tokens_estimated: CreationOptional<string>
  declare tool_calls_count: CreationOptional<string>
  declare cost_estimate: CreationOptional<string>
  /** As turns have it. */
  declare spent: CreationOptional<unknown[]>
  /** What tools did: rows as of `usage_by_tool`. */
  declare tools: CreationOptional<unknown[]>
}

export function defineErasedUsage(sequelize: Sequelize): typeof ErasedUsage {
  return class extends ErasedUsage {}.init(
    {
      id: idColumn(),
      client_id: required(DataTypes.UUID),
      date: required(DataTypes.DATEONLY),
      conversation_count: required(DataTypes.BIGINT, '0'),
      message_count: required(DataTypes.BIGINT, '0'),
      tokens_input: required(DataTypes.BIGINT, '0'),
      tokens_output: required(DataTypes.BIGINT, '0'),
      tokens_estimated: required(DataTypes.BIGINT, '0'),
      tool_calls_count: required(DataTypes.BIGINT, '0'),
      cost_estimate: required(DataTypes.DECIMAL(18, 6), '0'),
      spent: required(DataTypes.JSONB, []),
      tools: required(DataTypes.JSONB, []),
    },
    { ...PLAIN, sequelize, modelName: 'ErasedUsage', tableName: 'erased_usage' },
  )
}
