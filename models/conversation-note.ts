import {
  DataTypes,
  Model,
  type CreationOptional,
  type InferAttributes,
  type InferCreationAttributes,
  type Sequelize,
} from 'sequelize'
import type { Author } from '../protocol/records.ts'
import { databaseTime, idColumn, optional, PLAIN, required } from './columns.ts'

/** What somebody of the business wrote on a conversation for colleagues. */
export class ConversationNote extends Model<
  InferAttributes<ConversationNote>,
  InferCreationAttributes<ConversationNote>
> {
  declare id: CreationOptional<string>
  declare conversation_id: string
  /** Who wrote it, also when that person is gone. */
  declare admin_id: string
  declare author: Author
  declare text: string
  declare created_at: CreationOptional<Date>
  declare changed_at: CreationOptional<Date | null>
}

export function defineConversationNote(sequelize: Sequelize): typeof ConversationNote {
  return class extends ConversationNote {}.init(
    {
      id: idColumn(),
      conversation_id: required(DataTypes.UUID),
      admin_id: required(DataTypes.UUID),
      author: required(DataTypes.JSONB),
      text: required(DataTypes.TEXT),
      created_at: databaseTime(),
      changed_at: optional(DataTypes.DATE),
    },
    { ...PLAIN, sequelize, modelName: 'ConversationNote', tableName: 'conversation_notes' },
  )
}
