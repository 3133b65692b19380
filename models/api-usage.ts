import {
  col,
  DataTypes,
  fn,
  Model,
  Op,
  type CreationOptional,
  type InferAttributes,
  type InferCreationAttributes,
  type Sequelize,
} from 'sequelize'
import { PLAIN, required } from './columns.ts'

const COUNTED = [
  'conversation_count',
  'message_count',
  'tokens_input',
  'tokens_output',
  'tokens_estimated',
  'tool_calls_count',
  'cost_estimate',
] as const

/** Sums over a period: whole numbers and a decimal, as strings, since they outgrow JavaScript's numbers. */
export type UsageTotals = Record<(typeof COUNTED)[number], string>

/** What a client used on one UTC day. Counts are bigints and the cost is a numeric, so strings. */
export class ApiUsage extends Model<InferAttributes<ApiUsage>, InferCreationAttributes<ApiUsage>> {
  declare id: CreationOptional<string>
  declare client_id: string
  /** `YYYY-MM-DD`. */
  declare date: string
  declare conversation_count: CreationOptional<string>
  declare message_count: CreationOptional<string>
  declare tokens_input: CreationOptional<string>
  declare tokens_output: CreationOptional<string>
  /** Part of the input and output that we counted ourselves. */
  declare tokens_estimated: CreationOptional<string>
  declare tool_calls_count: CreationOptional<string>
  declare cost_estimate: CreationOptional<string>

  /** What a client used from one UTC day to another, both included: zeros where there was nothing. */
  static async totals(client: { id: string }, from: string, to: string): Promise<UsageTotals> {
    const row = await this.findOne({
      attributes: COUNTED.map((name) => [fn('coalesce', fn('sum', col(name)), 0), name]),
      where: { client_id: client.id, date: { [Op.between]: [from, to] } },
      raw: true,
    })
    if (!row) throw new Error('a sum without GROUP BY gave no row')
    return row
  }
}

export function defineApiUsage(sequelize: Sequelize): typeof ApiUsage {
  return class extends ApiUsage {}.init(
    {
      id: required(DataTypes.UUID, DataTypes.UUIDV4),
      client_id: { type: DataTypes.UUID, primaryKey: true, allowNull: false },
      date: { type: DataTypes.DATEONLY, primaryKey: true, allowNull: false },
      conversation_count: required(DataTypes.BIGINT, '0'),
      message_count: required(DataTypes.BIGINT, '0'),
      tokens_input: required(DataTypes.BIGINT, '0'),
      tokens_output: required(DataTypes.BIGINT, '0'),
      tokens_estimated: required(DataTypes.BIGINT, '0'),
      tool_calls_count: required(DataTypes.BIGINT, '0'),
      cost_estimate: required(DataTypes.DECIMAL(18, 6), '0'),
    },
    { ...PLAIN, sequelize, modelName: 'ApiUsage', tableName: 'api_usage' },
  )
}
