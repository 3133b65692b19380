import { DataTypes, type Sequelize } from 'sequelize'
import { optional, PLAIN, required } from './columns.ts'
import { refuseUpdates } from './guard.ts'
import { Message } from './message.ts'

/** A message of a conversation under legal hold whose partition was dropped. */
export class HeldMessage extends Message {}

export function defineHeldMessage(sequelize: Sequelize): typeof HeldMessage {
  const model = class extends HeldMessage {}.init(
    {
      id: required(DataTypes.UUID),
      conversation_id: { type: DataTypes.UUID, primaryKey: true, allowNull: false },
      seq: { type: DataTypes.INTEGER, primaryKey: true, allowNull: false },
      role: required(DataTypes.TEXT),
      content: required(DataTypes.TEXT),
      timestamp: required(DataTypes.DATE),
      tokens_used: required(DataTypes.INTEGER, 0),
      client_message_id: optional(DataTypes.TEXT),
      author: optional(DataTypes.JSONB),
      turn: optional(DataTypes.INTEGER),
      answers_to: optional(DataTypes.INTEGER),
      status: optional(DataTypes.TEXT),
      sources: optional(DataTypes.JSONB),
      result: optional(DataTypes.JSONB),
    },
    { ...PLAIN, sequelize, modelName: 'HeldMessage', tableName: 'messages_held' },
  )
  refuseUpdates(model, Object.keys(model.getAttributes()))
  return model
}
