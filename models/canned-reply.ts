import {
  DataTypes,
  Model,
  type CreationOptional,
  type InferAttributes,
  type InferCreationAttributes,
  type Sequelize,
} from 'sequelize'
import { databaseTime, idColumn, optional, PLAIN, required } from './columns.ts'

/** An answer that people of a client give often, by a shortcut that is unique in the client in any case. */
export class CannedReply extends Model<InferAttributes<CannedReply>, InferCreationAttributes<CannedReply>> {
  declare id: CreationOptional<string>
  declare client_id: string
  declare shortcut: string
  declare text: string
  declare created_at: CreationOptional<Date>
  declare changed_at: CreationOptional<Date | null>
}

export function defineCannedReply(sequelize: Sequelize): typeof CannedReply {
  return class extends CannedReply {}.init(
    {
      id: idColumn(),
      client_id: required(DataTypes.UUID),
      shortcut: required(DataTypes.TEXT),
      text: required(DataTypes.TEXT),
      created_at: databaseTime(),
      changed_at: optional(DataTypes.DATE),
    },
    { ...PLAIN, sequelize, modelName: 'CannedReply', tableName: 'canned_replies' },
  )
}
