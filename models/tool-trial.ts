import {
  DataTypes,
  Model,
  type CreationOptional,
  type InferAttributes,
  type InferCreationAttributes,
  type Sequelize,
} from 'sequelize'
import { databaseTime, idColumn, optional, PLAIN, required } from './columns.ts'
import { refuseUpdates } from './guard.ts'
import type { Json } from './tool-execution.ts'

/** A test run of a client's tool: the newest are kept, and never changed. */
export class ToolTrial extends Model<InferAttributes<ToolTrial>, InferCreationAttributes<ToolTrial>> {
  declare id: CreationOptional<string>
  declare client_id: string
  declare tool_id: string
  /** Who tried it; null: whoever commands the machine, or somebody gone. */
  declare admin_id: string | null
  declare parameters: Record<string, unknown>
  declare outcome: Json
  declare success: boolean
  /** What a model would read. */
  declare content: string
  declare execution_time_ms: number
  declare at: CreationOptional<Date>
}

export function defineToolTrial(sequelize: Sequelize): typeof ToolTrial {
  const model = class extends ToolTrial {}.init(
    {
      id: idColumn(),
      client_id: required(DataTypes.UUID),
      tool_id: required(DataTypes.UUID),
      admin_id: optional(DataTypes.UUID),
      parameters: required(DataTypes.JSONB),
      outcome: required(DataTypes.JSONB),
      success: required(DataTypes.BOOLEAN),
      content: required(DataTypes.TEXT),
      execution_time_ms: required(DataTypes.INTEGER),
      at: databaseTime(),
    },
    { ...PLAIN, sequelize, modelName: 'ToolTrial', tableName: 'tool_trials' },
  )
  refuseUpdates(model, Object.keys(model.getAttributes()))
  return model
}
