import {
  DataTypes,
  Model,
  type CreationOptional,
  type InferAttributes,
  type InferCreationAttributes,
  type Sequelize,
} from 'sequelize'
import { databaseTime, idColumn, optional, PLAIN, required } from './columns.ts'

/** Where a visitor asked to be answered when nobody was there: one for each conversation. */
export class Contact extends Model<InferAttributes<Contact>, InferCreationAttributes<Contact>> {
  declare id: CreationOptional<string>
  declare client_id: string
  declare visitor_id: string
  declare conversation_id: CreationOptional<string | null>
  declare email: string
  declare name: CreationOptional<string | null>
  declare created_at: CreationOptional<Date>
}

export function defineContact(sequelize: Sequelize): typeof Contact {
  return class extends Contact {}.init(
    {
      id: idColumn(),
      client_id: required(DataTypes.UUID),
      visitor_id: required(DataTypes.UUID),
      conversation_id: optional(DataTypes.UUID),
      email: required(DataTypes.TEXT),
      name: optional(DataTypes.TEXT),
      created_at: databaseTime(),
    },
    {
      ...PLAIN,
      sequelize,
      modelName: 'Contact',
      tableName: 'contacts',
      scopes: { newestFirst: { order: [['created_at', 'DESC']] } },
    },
  )
}
