import {
  DataTypes,
  Model,
  type CreationAttributes,
  type CreationOptional,
  type InferAttributes,
  type InferCreationAttributes,
  type Sequelize,
} from 'sequelize'
import { databaseTime, optional, PLAIN, required } from './columns.ts'
import { refuseUpdates } from './guard.ts'
import type { Within } from './update-while.ts'

/** What was done by whom. Entries are added and, after their time, deleted; never changed. */
export class AuditEntry extends Model<InferAttributes<AuditEntry>, InferCreationAttributes<AuditEntry>> {
  /** A bigint, so a string. */
  declare id: CreationOptional<string>
  declare client_id: CreationOptional<string | null>
  declare conversation_id: CreationOptional<string | null>
  declare actor: 'visitor' | 'admin' | 'system'
  declare actor_id: CreationOptional<string | null>
  declare action: string
  declare details: CreationOptional<Record<string, unknown>>
  declare at: CreationOptional<Date>

  /** Adds an entry; `at` is the database's time. Put it into the transaction of the deed. */
  static record(
    entry: Omit<CreationAttributes<AuditEntry>, 'id' | 'at'>,
    within?: Within,
  ): Promise<AuditEntry> {
    return this.create(entry, { ...within })
  }
}

export function defineAuditEntry(sequelize: Sequelize): typeof AuditEntry {
  const model = class extends AuditEntry {}.init(
    {
      id: {
        type: DataTypes.BIGINT,
        primaryKey: true,
        autoIncrement: true,
        autoIncrementIdentity: true,
        allowNull: false,
      },
      client_id: optional(DataTypes.UUID),
      conversation_id: optional(DataTypes.UUID),
      actor: required(DataTypes.TEXT),
      actor_id: optional(DataTypes.UUID),
      action: required(DataTypes.TEXT),
      details: required(DataTypes.JSONB, {}),
      at: databaseTime(),
    },
    {
      ...PLAIN,
      sequelize,
      modelName: 'AuditEntry',
      tableName: 'audit_log',
    },
  )
  refuseUpdates(model, Object.keys(model.getAttributes()))
  return model
}
