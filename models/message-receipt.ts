import {
  DataTypes,
  Model,
  type InferAttributes,
  type InferCreationAttributes,
  type Sequelize,
} from 'sequelize'
import { PLAIN, required } from './columns.ts'
import { refuseUpdates } from './guard.ts'

/** That a message with this id came from this session: sent again, it is the same message. */
export class MessageReceipt extends Model<
  InferAttributes<MessageReceipt>,
  InferCreationAttributes<MessageReceipt>
> {
  declare session_id: string
  declare client_message_id: string
  declare conversation_id: string
  declare seq: number
  declare message_id: string
  declare text_hash: Buffer
  declare created_at: Date
}

export function defineMessageReceipt(sequelize: Sequelize): typeof MessageReceipt {
  const model = class extends MessageReceipt {}.init(
    {
      session_id: { type: DataTypes.UUID, primaryKey: true, allowNull: false },
      client_message_id: { type: DataTypes.TEXT, primaryKey: true, allowNull: false },
      conversation_id: required(DataTypes.UUID),
      seq: required(DataTypes.INTEGER),
      message_id: required(DataTypes.UUID),
      text_hash: required(DataTypes.BLOB),
      created_at: required(DataTypes.DATE),
    },
    { ...PLAIN, sequelize, modelName: 'MessageReceipt', tableName: 'message_receipts' },
  )
  refuseUpdates(model, Object.keys(model.getAttributes()))
  return model
}
