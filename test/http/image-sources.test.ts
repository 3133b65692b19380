import assert from 'node:assert/strict'
import { imageSources } from '../../server/http/image-sources.ts'

describe('The pictures that a policy allows', () => {
  it('are these and no others of their sites', () => {
    assert.deepEqual(
      imageSources(['https://cdn.example/a/logo.png?v=2#x', undefined, 'https://cdn.example/a/logo.png']),
      ['https://cdn.example/a/logo.png'],
    )
  })

  it('are none that could say anything else to a policy', () => {
    const nasty = [
      'https://a;sandbox/x',
      'http://shop.example/x',
      '*',
      "'unsafe-inline'",
      'data:',
      'https://*/x',
      '',
    ]
    assert.deepEqual(imageSources(nasty), [])
    assert.deepEqual(imageSources(["https://a.example/x;y,z' *"]), ['https://a.example/x%3By%2Cz%27%20%2A'])
  })

  it('are those of their sites where each by itself would be too long, and as many as fit', () => {
    const faces = Array.from(
      { length: 60 },
      (_, index) => `https://faces.example/${'x'.repeat(40)}/${index}.png`,
    )
    assert.deepEqual(imageSources(faces), ['https://faces.example'])
    const sites = Array.from({ length: 300 }, (_, index) => `https://site-${index}.example/face.png`)
    const sources = imageSources(sites)
    assert.ok(sources.length > 40 && sources.join(' ').length <= 1_500)
  })
})
