import {
  DataTypes,
  literal,
  Model,
  Op,
  type CreationOptional,
  type InferAttributes,
  type InferCreationAttributes,
  type Sequelize,
} from 'sequelize'
import { databaseTime, PLAIN, required } from './columns.ts'
import { refuseUpdates } from './guard.ts'

/** One server process and how long its lease runs, by the database's clock. Leases are renewed elsewhere. */
export class Node extends Model<InferAttributes<Node>, InferCreationAttributes<Node>> {
  declare id: string
  declare host: string
  declare lease_until: Date
  declare started_at: CreationOptional<Date>
}

export function defineNode(sequelize: Sequelize): typeof Node {
  const model = class extends Node {}.init(
    {
      id: { type: DataTypes.UUID, primaryKey: true, allowNull: false },
      host: required(DataTypes.TEXT),
      lease_until: required(DataTypes.DATE),
      started_at: databaseTime(),
    },
    {
      ...PLAIN,
      sequelize,
      modelName: 'Node',
      tableName: 'nodes',
      scopes: { alive: () => ({ where: { lease_until: { [Op.gt]: literal('clock_timestamp()') } } }) },
    },
  )
  refuseUpdates(model, ['id', 'lease_until'])
  return model
}
