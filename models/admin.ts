import {
  col,
  DataTypes,
  fn,
  Model,
  where,
  type CreationOptional,
  type InferAttributes,
  type InferCreationAttributes,
  type NonAttribute,
  type Sequelize,
} from 'sequelize'
import type { AdminRole } from '../protocol/roles.ts'
import { databaseTime, idColumn, optional, PLAIN, required } from './columns.ts'
import { updateWhile, type Within } from './update-while.ts'

/** A person of the business, or of the installation where `client_id` is null. */
export class Admin extends Model<InferAttributes<Admin>, InferCreationAttributes<Admin>> {
  declare id: CreationOptional<string>
  declare client_id: CreationOptional<string | null>
  declare email: string
  declare name: string
  declare avatar_url: CreationOptional<string | null>
  declare password_hash: string
  declare role: AdminRole
  declare totp_secret: CreationOptional<string | null>
  declare failed_sign_ins: CreationOptional<number>
  declare locked_until: CreationOptional<Date | null>
  declare disabled_at: CreationOptional<Date | null>
  /** When a dashboard of theirs was last connected; kept up by `server/handoff/presence.ts`. */
  declare last_seen_at: CreationOptional<Date | null>
  declare created_at: CreationOptional<Date>

  /** The person with this address, however it is written. */
  static findByEmail(email: string): Promise<Admin | null> {
    return this.findOne({ where: where(fn('lower', col('email')), email.toLowerCase()) })
  }

  get isDisabled(): NonAttribute<boolean> {
    return this.disabled_at !== null
  }

  isLocked(now: Date = new Date()): boolean {
    return this.locked_until !== null && this.locked_until > now
  }

  /** Shuts the person out for good. False when that was so already. */
  disable(within?: Within): Promise<boolean> {
    return updateWhile(this, { disabled_at: null }, { disabled_at: new Date() }, within)
  }

  /** Lets the person in again. */
  async enable(within?: Within): Promise<void> {
    await this.update({ disabled_at: null }, { ...within })
  }

  /** Counts a wrong password and tells how many there were in a row. */
  async countFailedSignIn(within?: Within): Promise<number> {
    await this.increment('failed_sign_ins', { ...within })
    await this.reload({ ...within })
    return this.failed_sign_ins
  }

  /** Shuts the person out until then. */
  async lock(until: Date, within?: Within): Promise<void> {
    await this.update({ locked_until: until }, { ...within })
  }

  /** After a right password, or by an owner: no lock, no failures. */
  async unlock(within?: Within): Promise<void> {
    await this.update({ locked_until: null, failed_sign_ins: 0 }, { ...within })
  }
}

export function defineAdmin(sequelize: Sequelize): typeof Admin {
  return class extends Admin {}.init(
    {
      id: idColumn(),
      client_id: optional(DataTypes.UUID),
      email: required(DataTypes.TEXT),
      name: required(DataTypes.TEXT),
      avatar_url: optional(DataTypes.TEXT),
      password_hash: required(DataTypes.TEXT),
      role: required(DataTypes.TEXT),
      totp_secret: optional(DataTypes.TEXT),
      failed_sign_ins: required(DataTypes.INTEGER, 0),
      locked_until: optional(DataTypes.DATE),
      disabled_at: optional(DataTypes.DATE),
      last_seen_at: optional(DataTypes.DATE),
      created_at: databaseTime(),
    },
    {
      ...PLAIN,
      sequelize,
      modelName: 'Admin',
      tableName: 'admins',
      scopes: { enabled: { where: { disabled_at: null } } },
    },
  )
}
