import {
  DataTypes,
  Model,
  type CreationOptional,
  type InferAttributes,
  type InferCreationAttributes,
  type Sequelize,
} from 'sequelize'
import { PLAIN, required } from './columns.ts'

/** What a client's calls of one tool came to on one UTC day. Counts are bigints, so strings. */
export class UsageByTool extends Model<InferAttributes<UsageByTool>, InferCreationAttributes<UsageByTool>> {
  declare client_id: string
  /** `YYYY-MM-DD`. */
  declare date: string
  declare tool_name: string
  declare calls: CreationOptional<string>
  declare succeeded: CreationOptional<string>
  /** Of the rest the outcome is not known. */
  declare failed: CreationOptional<string>
  /** Milliseconds in all. */
  declare time_ms: CreationOptional<string>
  declare longest_ms: CreationOptional<number>
}

export function defineUsageByTool(sequelize: Sequelize): typeof UsageByTool {
  return class extends UsageByTool {}.init(
    {
      client_id: { type: DataTypes.UUID, primaryKey: true, allowNull: false },
      date: { type: DataTypes.DATEONLY, primaryKey: true, allowNull: false },
      tool_name: { type: DataTypes.TEXT, primaryKey: true, allowNull: false },
      calls: required(DataTypes.BIGINT, '0'),
      succeeded: required(DataTypes.BIGINT, '0'),
      failed: required(DataTypes.BIGINT, '0'),
      time_ms: required(DataTypes.BIGINT, '0'),
      longest_ms: required(DataTypes.INTEGER, 0),
    },
    { ...PLAIN, sequelize, modelName: 'UsageByTool', tableName: 'usage_by_tool' },
  )
}
