import {
  DataTypes,
  Model,
  type CreationOptional,
  type InferAttributes,
  type InferCreationAttributes,
  type NonAttribute,
  type Sequelize,
} from 'sequelize'
import { DATED, idColumn, optional, required } from './columns.ts'
import { refuseUpdates } from './guard.ts'
import type { KnowledgeChunk } from './knowledge-chunk.ts'

/** A document the agent may quote. Saved by `server/knowledge`; deleted, its passages go with it. */
export class KnowledgeDocument extends Model<
  InferAttributes<KnowledgeDocument>,
  InferCreationAttributes<KnowledgeDocument>
> {
  declare id: CreationOptional<string>
  declare client_id: string
  declare title: string
  declare kind: CreationOptional<'faq' | 'text' | 'markdown' | 'html' | 'pdf'>
  declare url: CreationOptional<string | null>
  declare content_hash: Buffer
  declare created_at: CreationOptional<Date>
  declare updated_at: CreationOptional<Date>
  declare chunks?: NonAttribute<KnowledgeChunk[]>
}

export function defineKnowledgeDocument(sequelize: Sequelize): typeof KnowledgeDocument {
  const model = class extends KnowledgeDocument {}.init(
    {
      id: idColumn(),
      client_id: required(DataTypes.UUID),
      title: required(DataTypes.TEXT),
      kind: required(DataTypes.TEXT, 'faq'),
      url: optional(DataTypes.TEXT),
      content_hash: required(DataTypes.BLOB),
      created_at: DataTypes.DATE,
      updated_at: DataTypes.DATE,
    },
    {
      ...DATED,
      sequelize,
      modelName: 'KnowledgeDocument',
      tableName: 'knowledge_documents',
      scopes: { ofKind: (kind: string) => ({ where: { kind } }) },
    },
  )
  refuseUpdates(model, ['content_hash'])
  return model
}
