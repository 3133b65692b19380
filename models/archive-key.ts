import {
  DataTypes,
  Model,
  type CreationOptional,
  type InferAttributes,
  type InferCreationAttributes,
  type Sequelize,
} from 'sequelize'
import { databaseTime, PLAIN, required } from './columns.ts'

/** With what the archives of one visitor are encrypted: without this row, nobody reads them. */
export class ArchiveKey extends Model<InferAttributes<ArchiveKey>, InferCreationAttributes<ArchiveKey>> {
  /** The visitor's. */
  declare id: string
  declare client_id: string
  /** Sealed. */
  declare key: string
  /** `YYYY-MM-DD`: the days whose archives have something of the visitor. */
  declare days: CreationOptional<string[]>
  declare created_at: CreationOptional<Date>
}

export function defineArchiveKey(sequelize: Sequelize): typeof ArchiveKey {
  return class extends ArchiveKey {}.init(
    {
      id: { type: DataTypes.UUID, primaryKey: true, allowNull: false },
      client_id: required(DataTypes.UUID),
      key: required(DataTypes.TEXT),
      days: required(DataTypes.ARRAY(DataTypes.DATEONLY), []),
      created_at: databaseTime(),
    },
    { ...PLAIN, sequelize, modelName: 'ArchiveKey', tableName: 'archive_keys' },
  )
}
