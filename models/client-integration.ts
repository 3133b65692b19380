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
import type { IntegrationEndpoint } from './integration-endpoint.ts'
import { updateWhile, type Within } from './update-while.ts'

export type IntegrationType = 'shopify' | 'woocommerce' | 'custom_api' | 'database'

/** What trying a connection came to, in words for a person; `at` is when, as RFC 3339. */
export interface KeptVerdict {
  ok: boolean
  message: string
  at: string
}

/** A system of a client whose live data the agent may read. Names are unique in their client. */
export class ClientIntegration extends Model<
  InferAttributes<ClientIntegration>,
  InferCreationAttributes<ClientIntegration>
> {
  declare id: CreationOptional<string>
  declare client_id: string
  declare name: string
  declare integration_type: IntegrationType
  declare connection_config: CreationOptional<Record<string, unknown>>
  /** Sealed; null: none are entered. */
  declare credentials: CreationOptional<string | null>
  /** Rises with every change, its functions' too. */
  declare version: CreationOptional<number>
  declare enabled: CreationOptional<boolean>
  /** When a test of the connection last succeeded. */
  declare last_sync_test: CreationOptional<Date | null>
  /** Null: it was not tested since it last changed. */
  declare last_verdict: CreationOptional<KeptVerdict | null>
  declare created_at: CreationOptional<Date>
  declare endpoints?: NonAttribute<IntegrationEndpoint[]>

  /**
   * Notes what a test of it came to, unless it has changed meanwhile: then what was tested is not there any more. Tells
   * whether it is noted.
   */
  markTested({ ok, message }: Omit<KeptVerdict, 'at'>, within?: Within): Promise<boolean> {
    const now = new Date()
    const last_verdict = { ok, message, at: now.toISOString() }
    const values = ok ? { last_verdict, last_sync_test: now } : { last_verdict }
    return updateWhile(this, { version: this.version }, values, within)
  }

  /** Points it elsewhere, or gives it other credentials. What worked before proves nothing now: it is untested. */
  async reconnect(
    values: Partial<Pick<InferAttributes<ClientIntegration>, 'connection_config' | 'credentials'>>,
    within?: Within,
  ): Promise<void> {
    const untested = { last_sync_test: null, last_verdict: null }
    await this.update({ ...values, ...untested, version: this.version + 1 }, { ...within })
  }

  /** Notes that its functions have changed. */
  async raiseVersion(within?: Within): Promise<void> {
    await this.update({ version: this.version + 1 }, { ...within })
  }

  /** Lets the agent read it. False when that was so already. */
  enable(within?: Within): Promise<boolean> {
    return updateWhile(this, { enabled: false }, { enabled: true }, within)
  }

  /** Takes it away from the agent. False when it was away already. */
  disable(within?: Within): Promise<boolean> {
    return updateWhile(this, { enabled: true }, { enabled: false }, within)
  }
}

export function defineClientIntegration(sequelize: Sequelize): typeof ClientIntegration {
  return class extends ClientIntegration {}.init(
    {
      id: idColumn(),
      client_id: required(DataTypes.UUID),
      name: required(DataTypes.TEXT),
      integration_type: required(DataTypes.TEXT),
      connection_config: required(DataTypes.JSONB, {}),
      credentials: optional(DataTypes.TEXT),
      version: required(DataTypes.INTEGER, 1),
      enabled: required(DataTypes.BOOLEAN, true),
      last_sync_test: optional(DataTypes.DATE),
      last_verdict: optional(DataTypes.JSONB),
      created_at: databaseTime(),
    },
    {
      ...PLAIN,
      sequelize,
      modelName: 'ClientIntegration',
      tableName: 'client_integrations',
      scopes: { enabled: { where: { enabled: true } } },
    },
  )
}
