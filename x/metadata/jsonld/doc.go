// Package jsonld maps JSON-LD documents about datasets to the typed core of a record, and writes such documents
// from the core.
//
// Import runs on the client only: it reads schema.org and Croissant documents as people publish them and lists,
// by JSON path, everything that the core cannot carry. It never fetches anything. Export is a pure function of a
// record's state and gives the same bytes on every machine.
package jsonld
