// Checks JSON-LD documents against SHACL shapes: node check.mjs FOLDER [SHAPES...]
//
// Every *.json file of the folder is expanded without fetching any context, turned into RDF, and checked against the
// shapes of ./shapes, or against the files and folders of shapes that are named. schema.org's https namespace is read as
// its http one, which shapes are about; and a document without a Dataset node fails, since shapes with nothing to check
// would pass. The exit status is 0 if all documents conform and 1 if not.
import { readFileSync, readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import jsonld from 'jsonld';
import { Parser, Store } from 'n3';
import SHACLValidator from 'rdf-validate-shacl';

const DATASETS = ['http://schema.org/Dataset', 'http://www.w3.org/ns/dcat#Dataset'];
const TYPE = 'http://www.w3.org/1999/02/22-rdf-syntax-ns#type';
const IMPORTS = 'http://www.w3.org/2002/07/owl#imports';

const [folder, ...shapePaths] = process.argv.slice(2);
if (!folder) {
  console.error('usage: node check.mjs FOLDER [SHAPES...]');
  process.exit(2);
}

function files(path, ending) {
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path).filter((f) => f.endsWith(ending)).sort().map((f) => join(path, f));
}

function parse(text) {
  return new Store(new Parser({ format: 'Turtle' }).parse(text).filter((q) => q.predicate.value !== IMPORTS));
}

const here = dirname(fileURLToPath(import.meta.url));
const shapeFiles = (shapePaths.length ? shapePaths : [join(here, 'shapes')]).flatMap((p) => files(p, '.ttl'));
const validators = shapeFiles.map((f) => [f, new SHACLValidator(parse(readFileSync(f, 'utf8')))]);

async function documentLoader(url) {
  throw new Error(`the document asks for ${url}`);
}

async function graphOf(text) {
  const quads = await jsonld.toRDF(JSON.parse(text), { format: 'application/n-quads', documentLoader, safe: false });
  return parse(quads.replaceAll('<https://schema.org/', '<http://schema.org/'));
}

const documents = files(folder, '.json');
if (documents.length === 0) {
  console.error(`${folder} holds no documents`);
  process.exit(2);
}
let failed = 0;
for (const file of documents) {
  const problems = [];
  const warnings = [];
  try {
    const graph = await graphOf(readFileSync(file, 'utf8'));
    const nodes = DATASETS.flatMap((d) => graph.getSubjects(TYPE, d, null));
    if (nodes.length === 0) problems.push('no Dataset node');
    for (const [shape, validator] of validators) {
      for (const result of (await validator.validate(graph)).results) {
        const line = `${shape.split('/').pop()}: ${result.path?.value ?? result.focusNode?.value}: ${result.message.map((m) => m.value).join('; ')}`;
        (result.severity?.value.endsWith('#Violation') ? problems : warnings).push(line);
      }
    }
  } catch (error) {
    problems.push(error.message);
  }
  console.log(`${problems.length ? 'FAIL' : 'ok  '} ${file}`);
  for (const line of problems) console.log(`     violation ${line}`);
  for (const line of warnings) console.log(`     warning   ${line}`);
  if (problems.length) failed += 1;
}
console.log(`${documents.length - failed} passed, ${failed} failed`);
process.exit(failed ? 1 : 0);
