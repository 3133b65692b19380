import {
  DataTypes,
  Model,
  type InferAttributes,
  type InferCreationAttributes,
  type Sequelize,
} from 'sequelize'
import { PLAIN, required } from './columns.ts'
import { refuseUpdates } from './guard.ts'

/** What the model said and called in one step of a turn, stored before its tools ran. */
export class TurnStep extends Model<InferAttributes<TurnStep>, InferCreationAttributes<TurnStep>> {
  declare conversation_id: string
  declare turn: number
  declare step: number
  declare attempt: number
  declare node: string
  declare answers_to: number
  declare body: Record<string, unknown>
  declare created_at: Date
}

export function defineTurnStep(sequelize: Sequelize): typeof TurnStep {
  const model = class extends TurnStep {}.init(
    {
      conversation_id: { type: DataTypes.UUID, primaryKey: true, allowNull: false },
      turn: { type: DataTypes.INTEGER, primaryKey: true, allowNull: false },
      step: { type: DataTypes.INTEGER, primaryKey: true, allowNull: false },
      attempt: required(DataTypes.INTEGER),
      node: required(DataTypes.UUID),
      answers_to: required(DataTypes.INTEGER),
      body: required(DataTypes.JSONB),
      created_at: required(DataTypes.DATE),
    },
    { ...PLAIN, sequelize, modelName: 'TurnStep', tableName: 'turn_steps' },
  )
  refuseUpdates(model, Object.keys(model.getAttributes()))
  return model
}
