import {
  DataTypes,
  Model,
  type CreationOptional,
  type InferAttributes,
  type InferCreationAttributes,
  type Sequelize,
} from 'sequelize'
import { databaseTime, optional, PLAIN, required } from './columns.ts'

/** A session in which somebody who keeps a client tries its AI. */
export class TestChat extends Model<InferAttributes<TestChat>, InferCreationAttributes<TestChat>> {
  declare session_id: string
  declare client_id: string
  /** Who began it. */
  declare admin_id: CreationOptional<string | null>
  declare created_at: CreationOptional<Date>
}

export function defineTestChat(sequelize: Sequelize): typeof TestChat {
  return class extends TestChat {}.init(
    {
      session_id: { type: DataTypes.UUID, primaryKey: true, allowNull: false },
      client_id: required(DataTypes.UUID),
      admin_id: optional(DataTypes.UUID),
      created_at: databaseTime(),
    },
    { ...PLAIN, sequelize, modelName: 'TestChat', tableName: 'test_chats' },
  )
}
