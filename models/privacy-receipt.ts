import {
  DataTypes,
  Model,
  type CreationOptional,
  type InferAttributes,
  type InferCreationAttributes,
  type Sequelize,
} from 'sequelize'
import { databaseTime, idColumn, optional, PLAIN, required } from './columns.ts'

/** Proof that a visitor was erased, or all that is kept of it exported. Whoever knows the visitor's id finds it. */
export class PrivacyReceipt extends Model<
  InferAttributes<PrivacyReceipt>,
  InferCreationAttributes<PrivacyReceipt>
> {
  declare id: CreationOptional<string>
  declare client_id: string
  declare kind: 'erasure' | 'export'
  /** SHA-256 of the visitor's id. */
  declare visitor_hash: Buffer
  declare actor: 'admin' | 'system'
  declare actor_id: CreationOptional<string | null>
  /** How many of what. */
  declare counts: Record<string, number>
  declare at: CreationOptional<Date>
}

export function definePrivacyReceipt(sequelize: Sequelize): typeof PrivacyReceipt {
  return class extends PrivacyReceipt {}.init(
    {
      id: idColumn(),
      client_id: required(DataTypes.UUID),
      kind: required(DataTypes.TEXT),
      visitor_hash: required(DataTypes.BLOB),
      actor: required(DataTypes.TEXT),
      actor_id: optional(DataTypes.UUID),
      counts: required(DataTypes.JSONB),
      at: databaseTime(),
    },
    { ...PLAIN, sequelize, modelName: 'PrivacyReceipt', tableName: 'privacy_receipts' },
  )
}
