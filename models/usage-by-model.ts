import {
  col,
  DataTypes,
  fn,
  literal,
  Model,
  Op,
  type CreationOptional,
  type InferAttributes,
  type InferCreationAttributes,
  type Sequelize,
} from 'sequelize'
import { PLAIN, required } from './columns.ts'

const COUNTED = [
  'turns',
  'tokens_input',
  'tokens_output',
  'tokens_cached',
  'tokens_estimated',
  'cost_estimate',
] as const

export type ModelTotals = Record<'provider' | 'model' | (typeof COUNTED)[number], string>

/** What a client used of one model on one UTC day. Counts are bigints and the cost is a numeric, so strings. */
export class UsageByModel extends Model<
  InferAttributes<UsageByModel>,
  InferCreationAttributes<UsageByModel>
> {
  declare client_id: string
  /** `YYYY-MM-DD`. */
  declare date: string
  declare provider: string
  declare model: string
  declare turns: CreationOptional<string>
  declare tokens_input: CreationOptional<string>
  declare tokens_output: CreationOptional<string>
  declare tokens_cached: CreationOptional<string>
  /** Part of the input and output that we counted ourselves. */
  declare tokens_estimated: CreationOptional<string>
  declare cost_estimate: CreationOptional<string>

  /** One row per model that a client used from one UTC day to another, both included; the dearest first. */
  static async totals(client: { id: string }, from: string, to: string): Promise<ModelTotals[]> {
    const rows = await this.findAll({
      attributes: [
        'provider',
        'model',
        ...COUNTED.map((name) => [fn('sum', col(name)), name] as [Fn, string]),
      ],
      where: { client_id: client.id, date: { [Op.between]: [from, to] } },
      group: ['provider', 'model'],
      order: [literal('sum(cost_estimate) DESC'), 'provider', 'model'],
      raw: true,
    })
    return rows
  }
}

type Fn = ReturnType<typeof fn>

export function defineUsageByModel(sequelize: Sequelize): typeof UsageByModel {
  return class extends UsageByModel {}.init(
    {
      client_id: { type: DataTypes.UUID, primaryKey: true, allowNull: false },
      date: { type: DataTypes.DATEONLY, primaryKey: true, allowNull: false },
      provider: { type: DataTypes.TEXT, primaryKey: true, allowNull: false },
      model: { type: DataTypes.TEXT, primaryKey: true, allowNull: false },
      turns: required(DataTypes.BIGINT, '0'),
      tokens_input: required(DataTypes.BIGINT, '0'),
      tokens_output: required(DataTypes.BIGINT, '0'),
      tokens_cached: required(DataTypes.BIGINT, '0'),
      tokens_estimated: required(DataTypes.BIGINT, '0'),
      cost_estimate: required(DataTypes.DECIMAL(18, 6), '0'),
    },
    { ...PLAIN, sequelize, modelName: 'UsageByModel', tableName: 'usage_by_model' },
  )
}
