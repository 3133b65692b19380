import {
  DataTypes,
  Model,
  Op,
  type CreationOptional,
  type InferAttributes,
  type InferCreationAttributes,
  type Sequelize,
} from 'sequelize'
import { databaseTime, optional, PLAIN, required } from './columns.ts'
import type { Within } from './update-while.ts'

/** One browser of a visitor. Its id may be shown; its token grants, and only the token's hash is kept. */
export class Session extends Model<InferAttributes<Session>, InferCreationAttributes<Session>> {
  declare id: string
  declare client_id: string
  declare visitor_id: string
  declare token_hash: Buffer
  declare locale: CreationOptional<string | null>
  /** What the page tells of the visitor, and nobody has proved. */
  declare attributes: CreationOptional<Record<string, unknown>>
  /** The same of the conversation that is opened next. */
  declare next_attributes: CreationOptional<Record<string, unknown>>
  declare created_at: CreationOptional<Date>
  declare last_seen_at: CreationOptional<Date>

  /** Notes that the session was used now: it stays valid as long as it is. */
  async seen(within?: Within): Promise<void> {
    await this.update({ last_seen_at: new Date() }, { ...within })
  }
}

export function defineSession(sequelize: Sequelize): typeof Session {
  return class extends Session {}.init(
    {
      id: { type: DataTypes.UUID, primaryKey: true, allowNull: false },
      client_id: required(DataTypes.UUID),
      visitor_id: required(DataTypes.UUID),
      token_hash: required(DataTypes.BLOB),
      locale: optional(DataTypes.TEXT),
      attributes: required(DataTypes.JSONB, {}),
      next_attributes: required(DataTypes.JSONB, {}),
      created_at: databaseTime(),
      last_seen_at: databaseTime(),
    },
    {
      ...PLAIN,
      sequelize,
      modelName: 'Session',
      tableName: 'sessions',
      scopes: { unusedSince: (moment: Date) => ({ where: { last_seen_at: { [Op.lt]: moment } } }) },
    },
  )
}
