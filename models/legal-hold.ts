import {
  DataTypes,
  Model,
  type CreationOptional,
  type InferAttributes,
  type InferCreationAttributes,
  type Sequelize,
} from 'sequelize'
import { databaseTime, optional, PLAIN, required } from './columns.ts'

/** That nothing of a conversation may be removed, and why. */
export class LegalHold extends Model<InferAttributes<LegalHold>, InferCreationAttributes<LegalHold>> {
  declare conversation_id: string
  declare client_id: string
  declare reason: string
  declare actor: 'admin' | 'system'
  declare actor_id: CreationOptional<string | null>
  declare held_at: CreationOptional<Date>
}

export function defineLegalHold(sequelize: Sequelize): typeof LegalHold {
  return class extends LegalHold {}.init(
    {
      conversation_id: { type: DataTypes.UUID, primaryKey: true, allowNull: false },
      client_id: required(DataTypes.UUID),
      reason: required(DataTypes.TEXT),
      actor: required(DataTypes.TEXT),
      actor_id: optional(DataTypes.UUID),
      held_at: databaseTime(),
    },
    { ...PLAIN, sequelize, modelName: 'LegalHold', tableName: 'legal_holds' },
  )
}
