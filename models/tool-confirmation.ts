import {
  DataTypes,
  Model,
  type InferAttributes,
  type InferCreationAttributes,
  type Sequelize,
} from 'sequelize'
import { optional, PLAIN, required } from './columns.ts'
import { refuseUpdates } from './guard.ts'

/** By whom, or by what, a question was decided. `message`: the visitor wrote something else instead. */
export type DecidedBy = 'visitor' | 'message' | 'expired'

/** What a visitor was asked before a call was made. It is asked and decided by statements of `server/tools/turn/confirm`. */
export class ToolConfirmation extends Model<
  InferAttributes<ToolConfirmation>,
  InferCreationAttributes<ToolConfirmation>
> {
  /** `conversation.turn.step.place`. */
  declare call_id: string
  declare conversation_id: string
  declare turn: number
  declare step: number
  declare attempt: number
  declare answers_to: number
  declare tool_name: string
  declare label: string
  declare arguments: Record<string, unknown>
  declare asked_at: Date
  declare expires_at: Date
  /** This and the next two are null while it waits, and where its turn was broken off. */
  declare decided_at: Date | null
  declare approved: boolean | null
  declare how: DecidedBy | null
}

export function defineToolConfirmation(sequelize: Sequelize): typeof ToolConfirmation {
  const model = class extends ToolConfirmation {}.init(
    {
      call_id: { type: DataTypes.TEXT, primaryKey: true, allowNull: false },
      conversation_id: required(DataTypes.UUID),
      turn: required(DataTypes.INTEGER),
      step: required(DataTypes.INTEGER),
      attempt: required(DataTypes.INTEGER),
      answers_to: required(DataTypes.INTEGER),
      tool_name: required(DataTypes.TEXT),
      label: required(DataTypes.TEXT),
      arguments: required(DataTypes.JSONB),
      asked_at: required(DataTypes.DATE),
      expires_at: required(DataTypes.DATE),
      decided_at: optional(DataTypes.DATE),
      approved: optional(DataTypes.BOOLEAN),
      how: optional(DataTypes.TEXT),
    },
    { ...PLAIN, sequelize, modelName: 'ToolConfirmation', tableName: 'tool_confirmations' },
  )
  refuseUpdates(model, Object.keys(model.getAttributes()))
  return model
}
