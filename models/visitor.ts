import {
  DataTypes,
  Model,
  type CreationOptional,
  type InferAttributes,
  type InferCreationAttributes,
  type NonAttribute,
  type Sequelize,
} from 'sequelize'
import { databaseTime, idColumn, optional, PLAIN, required } from './columns.ts'
import { updateWhile, type Within } from './update-while.ts'

/** A person who writes to a client, over all its sessions. */
export class Visitor extends Model<InferAttributes<Visitor>, InferCreationAttributes<Visitor>> {
  declare id: CreationOptional<string>
  declare client_id: string
  /** The client's own name for the person, unique in the client among those who proved it, and those who claim it. */
  declare user_identifier: CreationOptional<string | null>
  /** Whether the client vouches that it is the person of that name; who only claims to be is another visitor. */
  declare proven: CreationOptional<boolean>
  declare name: CreationOptional<string | null>
  declare email: CreationOptional<string | null>
  /** What the client vouches for. */
  declare attributes: CreationOptional<Record<string, unknown>>
  declare locale: CreationOptional<string | null>
  declare created_at: CreationOptional<Date>
  declare last_seen_at: CreationOptional<Date>

  get isIdentified(): NonAttribute<boolean> {
    return this.user_identifier !== null
  }

  /** Says who an anonymous visitor is. False when it is somebody already. */
  identify(user_identifier: string, within?: Within): Promise<boolean> {
    return updateWhile(this, { user_identifier: null }, { user_identifier }, within)
  }

  /** Notes that the person was here now. */
  async seen(within?: Within): Promise<void> {
    await this.update({ last_seen_at: new Date() }, { ...within })
  }
}

export function defineVisitor(sequelize: Sequelize): typeof Visitor {
  return class extends Visitor {}.init(
    {
      id: idColumn(),
      client_id: required(DataTypes.UUID),
      user_identifier: optional(DataTypes.TEXT),
      proven: required(DataTypes.BOOLEAN, false),
      name: optional(DataTypes.TEXT),
      email: optional(DataTypes.TEXT),
      attributes: required(DataTypes.JSONB, {}),
      locale: optional(DataTypes.TEXT),
      created_at: databaseTime(),
      last_seen_at: databaseTime(),
    },
    { ...PLAIN, sequelize, modelName: 'Visitor', tableName: 'visitors' },
  )
}
