import {
  DataTypes,
  Model,
  type CreationOptional,
  type InferAttributes,
  type InferCreationAttributes,
  type Sequelize,
} from 'sequelize'
import { idColumn, PLAIN, required } from './columns.ts'
import { refuseUpdates } from './guard.ts'

/**
 * One passage of a document. `terms` is how it is found; it is not read along, and neither it nor the text it was
 * made from is changed by a model: a document is saved anew.
 */
export class KnowledgeChunk extends Model<
  InferAttributes<KnowledgeChunk>,
  InferCreationAttributes<KnowledgeChunk>
> {
  declare id: CreationOptional<string>
  declare client_id: string
  declare document_id: string
  declare position: number
  declare title: string
  declare content: string
  declare terms: unknown
}

export function defineKnowledgeChunk(sequelize: Sequelize): typeof KnowledgeChunk {
  const model = class extends KnowledgeChunk {}.init(
    {
      id: idColumn(),
      client_id: required(DataTypes.UUID),
      document_id: required(DataTypes.UUID),
      position: required(DataTypes.INTEGER),
      title: required(DataTypes.TEXT),
      content: required(DataTypes.TEXT),
      terms: required(DataTypes.TSVECTOR),
    },
    {
      ...PLAIN,
      sequelize,
      modelName: 'KnowledgeChunk',
      tableName: 'knowledge_chunks',
      defaultScope: { attributes: { exclude: ['terms'] } },
    },
  )
  refuseUpdates(model, ['title', 'content', 'terms'])
  return model
}
