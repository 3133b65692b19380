import {
  DataTypes,
  Model,
  type CreationOptional,
  type InferAttributes,
  type InferCreationAttributes,
  type NonAttribute,
  type Sequelize,
} from 'sequelize'
import { databaseTime, idColumn, optional, PLAIN, required } from './columns.ts'
import { updateWhile, type Within } from './update-while.ts'

/** Any JSON value. */
export type Json = object | string | number | boolean | null

/** What a tool was asked and what it said. One row per call of a turn's step, begun before the call. */
export class ToolExecution extends Model<
  InferAttributes<ToolExecution>,
  InferCreationAttributes<ToolExecution>
> {
  declare id: CreationOptional<string>
  declare client_id: string
  declare conversation_id: string
  declare turn: number
  declare step: number
  declare call_id: string
  declare tool_name: string
  declare parameters: CreationOptional<Record<string, unknown>>
  declare n8n_response: CreationOptional<Json>
  /** Null: begun, and its outcome is not known. */
  declare success: CreationOptional<boolean | null>
  declare execution_time_ms: CreationOptional<number | null>
  declare timestamp: CreationOptional<Date>
  /** What was brought after the call had been answered, and when. */
  declare late_response: CreationOptional<Json>
  declare late_at: CreationOptional<Date | null>

  get isFinished(): NonAttribute<boolean> {
    return this.success !== null
  }

  /** Records the outcome, once. False when one was recorded before: the first one stands. */
  finish(
    outcome: { success: boolean; n8n_response: Json; execution_time_ms: number },
    within?: Within,
  ): Promise<boolean> {
    return updateWhile(this, { success: null }, outcome, within)
  }
}

export function defineToolExecution(sequelize: Sequelize): typeof ToolExecution {
  return class extends ToolExecution {}.init(
    {
      id: idColumn(),
      client_id: required(DataTypes.UUID),
      conversation_id: required(DataTypes.UUID),
      turn: required(DataTypes.INTEGER),
      step: required(DataTypes.INTEGER),
      call_id: required(DataTypes.TEXT),
      tool_name: required(DataTypes.TEXT),
      parameters: required(DataTypes.JSONB, {}),
      n8n_response: optional(DataTypes.JSONB),
      success: optional(DataTypes.BOOLEAN),
      execution_time_ms: optional(DataTypes.INTEGER),
      timestamp: databaseTime(),
      late_response: optional(DataTypes.JSONB),
      late_at: optional(DataTypes.DATE),
    },
    {
      ...PLAIN,
      sequelize,
      modelName: 'ToolExecution',
      tableName: 'tool_executions',
      scopes: {
        failed: { where: { success: false } },
        outcomeUnknown: { where: { success: null } },
      },
    },
  )
}
