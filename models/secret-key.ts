import { createHash, randomBytes } from 'node:crypto'
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

/** How much of a key is kept readable, so that people can tell their keys apart. */
const PREFIX_LENGTH = 10

/** A key with which a client's own servers speak. Only its hash is kept. */
export class SecretKey extends Model<InferAttributes<SecretKey>, InferCreationAttributes<SecretKey>> {
  declare id: CreationOptional<string>
  declare client_id: string
  declare name: string
  declare prefix: string
  declare key_hash: Buffer
  declare created_at: CreationOptional<Date>
  declare last_used_at: CreationOptional<Date | null>
  declare revoked_at: CreationOptional<Date | null>

  /** Makes a key. This is the only time anybody sees it. */
  static async issue(
    client: { id: string },
    name: string,
    within?: Within,
  ): Promise<{ key: string; secretKey: SecretKey }> {
    const key = `sk_${randomBytes(32).toString('base64url')}`
    const row = { client_id: client.id, name, prefix: key.slice(0, PREFIX_LENGTH), key_hash: hash(key) }
    return { key, secretKey: await this.create(row, { ...within }) }
  }

  /** The live key that this text is, or null. */
  static findLive(key: string): Promise<SecretKey | null> {
    return this.findOne({ where: { key_hash: hash(key), revoked_at: null } })
  }

  get isLive(): NonAttribute<boolean> {
    return this.revoked_at === null
  }

  /** Ends its use for good. False when it was revoked before. */
  revoke(within?: Within): Promise<boolean> {
    return updateWhile(this, { revoked_at: null }, { revoked_at: new Date() }, within)
  }

  /** Notes that it was used now. False when it is revoked. */
  markUsed(within?: Within): Promise<boolean> {
    return updateWhile(this, { revoked_at: null }, { last_used_at: new Date() }, within)
  }
}

export function defineSecretKey(sequelize: Sequelize): typeof SecretKey {
  return class extends SecretKey {}.init(
    {
      id: idColumn(),
      client_id: required(DataTypes.UUID),
      name: required(DataTypes.TEXT),
      prefix: required(DataTypes.TEXT),
      key_hash: required(DataTypes.BLOB),
      created_at: databaseTime(),
      last_used_at: optional(DataTypes.DATE),
      revoked_at: optional(DataTypes.DATE),
    },
    {
      ...PLAIN,
      sequelize,
      modelName: 'SecretKey',
      tableName: 'secret_keys',
      scopes: { live: { where: { revoked_at: null } } },
    },
  )
}

function hash(key: string): Buffer {
  return createHash('sha256').update(key).digest()
}
