import {
  DataTypes,
  Model,
  Op,
  type CreationOptional,
  type InferAttributes,
  type InferCreationAttributes,
  type ModelStatic,
  type Sequelize,
} from 'sequelize'
import { databaseTime, idColumn, optional, PLAIN, required } from './columns.ts'
import { updateWhile, type Within } from './update-while.ts'

/** One refresh token. All that came from one sign-in, each made from the one before, are a family. */
export class AdminSession extends Model<
  InferAttributes<AdminSession>,
  InferCreationAttributes<AdminSession>
> {
  declare id: CreationOptional<string>
  declare admin_id: string
  declare family: string
  declare refresh_hash: Buffer
  declare user_agent: CreationOptional<string | null>
  declare created_at: CreationOptional<Date>
  declare expires_at: Date
  declare used_at: CreationOptional<Date | null>
  declare revoked_at: CreationOptional<Date | null>

  isLive(now: Date = new Date()): boolean {
    return this.used_at === null && this.revoked_at === null && this.expires_at > now
  }

  /**
   * Spends the token. False when it was spent, revoked or has expired: a token that comes twice was stolen, and
   * then its family is to be revoked.
   */
  use(within?: Within): Promise<boolean> {
    const now = new Date()
    const live = { used_at: null, revoked_at: null, expires_at: { [Op.gt]: now } }
    return updateWhile(this, live, { used_at: now }, within)
  }

  /** Revokes every token of the sign-in; tells how many were not revoked before. */
  async revokeFamily(within?: Within): Promise<number> {
    const model = this.constructor as ModelStatic<AdminSession>
    const where = { family: this.family, revoked_at: null }
    const [revoked] = await model.update({ revoked_at: new Date() }, { where, ...within })
    await this.reload({ ...within })
    return revoked
  }
}

export function defineAdminSession(sequelize: Sequelize): typeof AdminSession {
  return class extends AdminSession {}.init(
    {
      id: idColumn(),
      admin_id: required(DataTypes.UUID),
      family: required(DataTypes.UUID),
      refresh_hash: required(DataTypes.BLOB),
      user_agent: optional(DataTypes.TEXT),
      created_at: databaseTime(),
      expires_at: required(DataTypes.DATE),
      used_at: optional(DataTypes.DATE),
      revoked_at: optional(DataTypes.DATE),
    },
    {
      ...PLAIN,
      sequelize,
      modelName: 'AdminSession',
      tableName: 'admin_sessions',
      scopes: {
        live: () => ({ where: { used_at: null, revoked_at: null, expires_at: { [Op.gt]: new Date() } } }),
      },
    },
  )
}
