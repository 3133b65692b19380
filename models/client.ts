import {
  DataTypes,
  Model,
  type CreationOptional,
  type InferAttributes,
  type InferCreationAttributes,
  type NonAttribute,
  type Sequelize,
} from 'sequelize'
import { randomBytes } from 'node:crypto'
import type { Branding } from '../protocol/rest.ts'
import { DATED, idColumn, optional, required } from './columns.ts'
import { updateWhile, type Within } from './update-while.ts'

/** How a client is named: by its publishable key, or by its id. */
export type ClientName = { api_key: string } | { id: string }

/** A tenant: one business and its widget. */
export class Client extends Model<InferAttributes<Client>, InferCreationAttributes<Client>> {
  declare id: CreationOptional<string>
  declare name: string
  declare domain: string | null
  /** Publishable: it names the client and grants nothing. */
  declare api_key: CreationOptional<string>
  declare plan_type: CreationOptional<string>
  declare status: CreationOptional<'active' | 'inactive'>
  declare business_info: CreationOptional<Record<string, unknown>>
  declare branding: CreationOptional<Partial<Branding>>
  declare billing_plan: CreationOptional<Record<string, unknown>>
  /** Origins such as `https://shop.example`; `:*` stands for any port. */
  declare allowed_origins: CreationOptional<string[]>
  declare identity_secret: string | null
  /** With what calls of its workflows are signed, sealed. */
  declare webhook_secret: string | null
  /** The one before it, sealed, and until when it still counts; null: there is none. */
  declare webhook_secret_previous: CreationOptional<string | null>
  declare webhook_secret_previous_until: CreationOptional<Date | null>
  declare identity_required: CreationOptional<boolean>
  declare provider: string | null
  declare model: string | null
  declare locale: string | null
  declare settings: CreationOptional<Record<string, unknown>>
  /** Raised by every change of its documents. */
  declare knowledge_version: CreationOptional<number>
  /** `YYYY-MM-DD`: usage of earlier UTC days is never written again. Null: none of them is closed. */
  declare usage_closed_before: CreationOptional<string | null>
  declare created_at: CreationOptional<Date>
  declare updated_at: CreationOptional<Date>

  get isActive(): NonAttribute<boolean> {
    return this.status === 'active'
  }

  /** Shuts its widget and API. False when it was shut already. */
  deactivate(within?: Within): Promise<boolean> {
    return updateWhile(this, { status: 'active' }, { status: 'inactive' }, within)
  }

  /** Opens them again. False when they were open. */
  activate(within?: Within): Promise<boolean> {
    return updateWhile(this, { status: 'inactive' }, { status: 'active' }, within)
  }

  /** Gives it a new publishable key and tells it; the old one stops at once. */
  async rotateKey(within?: Within): Promise<string> {
    await this.update({ api_key: newKey() }, { ...within })
    return this.api_key
  }
}

export function defineClient(sequelize: Sequelize): typeof Client {
  return class extends Client {}.init(
    {
      id: idColumn(),
      name: required(DataTypes.TEXT),
      domain: optional(DataTypes.TEXT),
      api_key: required(DataTypes.TEXT, newKey),
      plan_type: required(DataTypes.TEXT, 'free'),
      status: required(DataTypes.TEXT, 'active'),
      business_info: required(DataTypes.JSONB, {}),
      branding: required(DataTypes.JSONB, {}),
      billing_plan: required(DataTypes.JSONB, {}),
      allowed_origins: required(DataTypes.ARRAY(DataTypes.TEXT), []),
      identity_secret: optional(DataTypes.TEXT),
      webhook_secret: optional(DataTypes.TEXT),
      webhook_secret_previous: optional(DataTypes.TEXT),
      webhook_secret_previous_until: optional(DataTypes.DATE),
      identity_required: required(DataTypes.BOOLEAN, false),
      provider: optional(DataTypes.TEXT),
      model: optional(DataTypes.TEXT),
      locale: optional(DataTypes.TEXT),
      settings: required(DataTypes.JSONB, {}),
      knowledge_version: required(DataTypes.INTEGER, 0),
      usage_closed_before: optional(DataTypes.DATEONLY),
      created_at: DataTypes.DATE,
      updated_at: DataTypes.DATE,
    },
    {
      ...DATED,
      sequelize,
      modelName: 'Client',
      tableName: 'clients',
      scopes: { active: { where: { status: 'active' } } },
    },
  )
}

function newKey(): string {
  return `pk_${randomBytes(18).toString('base64url')}`
}
