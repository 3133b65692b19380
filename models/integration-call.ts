import {
  DataTypes,
  Model,
  type CreationOptional,
  type InferAttributes,
  type InferCreationAttributes,
  type Sequelize,
} from 'sequelize'
import { databaseTime, optional, PLAIN, required } from './columns.ts'

/** One of the recent calls of an integration: when, of what, and what went wrong; never arguments or results. */
export class IntegrationCall extends Model<
  InferAttributes<IntegrationCall>,
  InferCreationAttributes<IntegrationCall>
> {
  /** A bigint, so a string. */
  declare id: CreationOptional<string>
  declare integration_id: string
  declare function_name: string
  /** Null: it went well. */
  declare problem: CreationOptional<string | null>
  declare message: CreationOptional<string | null>
  /** Nobody was asked: the answer was still there. */
  declare cached: CreationOptional<boolean>
  declare execution_time_ms: number
  declare at: CreationOptional<Date>
}

export function defineIntegrationCall(sequelize: Sequelize): typeof IntegrationCall {
  return class extends IntegrationCall {}.init(
    {
      id: {
        type: DataTypes.BIGINT,
        primaryKey: true,
        autoIncrement: true,
        autoIncrementIdentity: true,
        allowNull: false,
      },
      integration_id: required(DataTypes.UUID),
      function_name: required(DataTypes.TEXT),
      problem: optional(DataTypes.TEXT),
      message: optional(DataTypes.TEXT),
      cached: required(DataTypes.BOOLEAN, false),
      execution_time_ms: required(DataTypes.INTEGER),
      at: databaseTime(),
    },
    { ...PLAIN, sequelize, modelName: 'IntegrationCall', tableName: 'integration_calls' },
  )
}
