import { createHash, randomBytes } from 'node:crypto'
import {
  DataTypes,
  Model,
  Op,
  type CreationOptional,
  type InferAttributes,
  type InferCreationAttributes,
  type NonAttribute,
  type Sequelize,
  type Transaction,
} from 'sequelize'
import { databaseTime, idColumn, optional, PLAIN, required } from './columns.ts'
import { updateWhile, type Within } from './update-while.ts'

/** How much of a key is kept readable, so that people can tell their keys apart. */
const PREFIX_LENGTH = 10

/** A key just made. `key` is told this once. */
export interface IssuedKey {
  key: string
  secretKey: SecretKey
}

/** A key with which a client's own servers speak. Only its hash is kept. */
export class SecretKey extends Model<InferAttributes<SecretKey>, InferCreationAttributes<SecretKey>> {
  declare id: CreationOptional<string>
  declare client_id: string
  declare name: string
  declare prefix: string
  declare key_hash: Buffer
  declare created_at: CreationOptional<Date>
  declare last_used_at: CreationOptional<Date | null>
  /** From when on it is refused; later than now while a rotated key may still be used. */
  declare revoked_at: CreationOptional<Date | null>

  /** Makes a key of 256 bits. */
  static async issue(client: { id: string }, name: string, within?: Within): Promise<IssuedKey> {
    const key = `sk_${randomBytes(32).toString('base64url')}`
    const row = {
      ...{ client_id: client.id, name },
      ...{ prefix: key.slice(0, PREFIX_LENGTH), key_hash: hashSecretKey(key) },
    }
    return { key, secretKey: await this.create(row, { ...within }) }
  }

  get isLive(): NonAttribute<boolean> {
    return this.revoked_at === null || this.revoked_at > new Date()
  }

  /** Ends its use now and for good. False when it had ended. */
  revoke(within?: Within): Promise<boolean> {
    const now = new Date()
    const live = { revoked_at: { [Op.or]: [null, { [Op.gt]: now }] } }
    return updateWhile(this, live, { revoked_at: now }, within)
  }

  /** Puts a new key in its place and lets it be used until `end`. Null when it was revoked or rotated before. */
  async rotate(end: Date, within: Within & { transaction: Transaction }): Promise<IssuedKey | null> {
    if (!(await updateWhile(this, { revoked_at: null }, { revoked_at: end }, within))) return null
    return SecretKey.issue.call(
      this.constructor as typeof SecretKey,
      { id: this.client_id },
      this.name,
      within,
    )
  }
}

/** What is kept of a key. A fast hash is enough: there is nothing to guess in 256 random bits. */
export function hashSecretKey(key: string): Buffer {
  return createHash('sha256').update(key).digest()
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
    },
  )
}
