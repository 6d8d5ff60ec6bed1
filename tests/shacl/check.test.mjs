// The check itself must be able to fail: each document here has one fault. Run with npm test.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';

const good = {
  '@context': { '@vocab': 'https://schema.org/' }, '@type': 'Dataset', '@id': 'https://example.org/1', name: 'Balance',
  description: 'Readings of a balance in a cellar, taken once an hour over one winter.', url: 'https://example.org/1',
  identifier: 'https://example.org/1', version: '1.0.0', keywords: ['balance'], isAccessibleForFree: false,
  distribution: { '@type': 'DataDownload', contentUrl: 'https://example.org/f', encodingFormat: 'text/csv' },
};

function check(document) {
  const folder = mkdtempSync(join(tmpdir(), 'shacl-'));
  try {
    writeFileSync(join(folder, 'document.json'), JSON.stringify(document));
    const run = spawnSync(process.execPath, ['check.mjs', folder], { cwd: import.meta.dirname, encoding: 'utf8' });
    return [run.status, run.stdout + run.stderr];
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const faults = {
  'no description': [{ description: undefined }, 'description of 50'],
  '49 characters': [{ description: 'x'.repeat(49) }, 'description of 50'],
  'no name': [{ name: undefined }, 'name is required'],
  'a name that is a node': [{ name: { '@type': 'Text' } }, 'name is required'],
  'two addresses': [{ url: ['https://example.org/1', 'https://example.org/2'] }, 'exactly one url'],
  'no keywords': [{ keywords: [] }, 'keywords are required'],
  'no version': [{ version: undefined }, 'exactly one version'],
  'no contentUrl': [{ distribution: { '@type': 'DataDownload' } }, 'DataDownload|contentUrl|distribution'],
  'a blank node': [{ '@id': undefined }, 'science-on-schema.ttl'],
  'no Dataset': [{ '@type': 'Book' }, 'no Dataset node'],
  'a remote context': [{ '@context': 'https://example.org/context' }, 'https://example.org/context'],
};

test('a good document conforms', () => {
  const [status, output] = check(good);
  assert.equal(status, 0, output);
});

for (const [name, [change, text]] of Object.entries(faults)) {
  test(name, () => {
    const [status, output] = check({ ...good, ...change });
    assert.equal(status, 1, output);
    assert.match(output, new RegExp(text));
  });
}
