// Package jsonld writes JSON-LD documents about records, in the profiles schema.org, Croissant 1.1 and DCAT-AP 3.
//
// Export is a pure function of a record's state and gives the same bytes on every machine. A document says
// exactly what the chain holds of a record, so every document conforms to its profile; tests/shacl checks that. The
// package client/publisher/document reads such documents again.
package jsonld
