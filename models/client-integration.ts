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

/** A system of a client whose live data the agent may read. */
export class ClientIntegration extends Model<
  InferAttributes<ClientIntegration>,
  InferCreationAttributes<ClientIntegration>
> {
  declare id: CreationOptional<string>
  declare client_id: string
  declare integration_type: IntegrationType
  declare connection_config: CreationOptional<Record<string, unknown>>
  declare enabled: CreationOptional<boolean>
  /** When a test of the connection last succeeded. */
  declare last_sync_test: CreationOptional<Date | null>
  declare created_at: CreationOptional<Date>
  declare endpoints?: NonAttribute<IntegrationEndpoint[]>

  /** Notes that the connection was tested now and works. */
  async markTested(within?: Within): Promise<void> {
    await this.update({ last_sync_test: new Date() }, { ...within })
  }

  /** Points it elsewhere. What worked before proves nothing now, so it counts as untested. */
  async reconnect(connection_config: Record<string, unknown>, within?: Within): Promise<void> {
    await this.update({ connection_config, last_sync_test: null }, { ...within })
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
      integration_type: required(DataTypes.TEXT),
      connection_config: required(DataTypes.JSONB, {}),
      enabled: required(DataTypes.BOOLEAN, true),
      last_sync_test: optional(DataTypes.DATE),
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
