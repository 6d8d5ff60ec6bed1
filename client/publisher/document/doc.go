// Package document reads JSON-LD documents about datasets, as people publish them, into the typed core of a record.
//
// Import reads documents of schema.org and Croissant, and lists by JSON path everything that a record cannot carry,
// that was changed on the way, or that refuses the record. It works without a network: contexts are known or
// reported, never fetched. It reads a document that x/metadata/jsonld wrote back to the same core.
//
// Documents come from anywhere, so Read is strict and bounded: see MaxBytes and MaxDepth.
package document
