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
import { databaseTime, idColumn, optional, PLAIN, required } from './columns.ts'

export type RatingSubject = 'ai' | 'agent'

/** How content a visitor was, 1 to 5, with the AI or with a person: one for each in a conversation. */
export class Rating extends Model<InferAttributes<Rating>, InferCreationAttributes<Rating>> {
  declare id: CreationOptional<string>
  declare client_id: string
  declare conversation_id: string
  declare subject: RatingSubject
  declare score: number
  declare comment: CreationOptional<string | null>
  declare created_at: CreationOptional<Date>

  /** Number and mean of a client's ratings from `from` until before `until`, for the AI and for people apart. */
  static async averages(
    client: { id: string },
    from: Date,
    until: Date,
  ): Promise<{ subject: RatingSubject; count: number; average: number }[]> {
    const rows = await this.findAll({
      attributes: ['subject', [fn('count', col('id')), 'count'], [fn('avg', col('score')), 'average']],
      where: { client_id: client.id, created_at: { [Op.gte]: from, [Op.lt]: until } },
      group: ['subject'],
      order: ['subject'],
    })
    return rows.map((row) => ({
      subject: row.subject,
      count: Number(row.get('count')),
      average: Number(row.get('average')),
    }))
  }
}

export function defineRating(sequelize: Sequelize): typeof Rating {
  return class extends Rating {}.init(
    {
      id: idColumn(),
      client_id: required(DataTypes.UUID),
      conversation_id: required(DataTypes.UUID),
      subject: required(DataTypes.TEXT),
      score: required(DataTypes.SMALLINT),
      comment: optional(DataTypes.TEXT),
      created_at: databaseTime(),
    },
    { ...PLAIN, sequelize, modelName: 'Rating', tableName: 'ratings' },
  )
}
