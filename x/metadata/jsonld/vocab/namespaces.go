// Package vocab has the names that documents about records use: the namespaces of the vocabularies, the IRIs of
// records, versions and accounts, and the few terms of this chain. Package jsonld writes documents with them, and
// client/publisher/document recognises them when it reads such a document again.
package vocab

// Namespaces of the vocabularies.
const (
	Schema      = "http://schema.org/"
	SchemaHTTPS = "https://schema.org/"
	Croissant   = "http://mlcommons.org/croissant/"
	// CroissantDraft is the namespace of Croissant before version 1.0.
	CroissantDraft = "http://mlcommons.org/schema/"
	RAI            = "http://mlcommons.org/croissant/RAI/"
	DCTerms        = "http://purl.org/dc/terms/"
	DCAT           = "http://www.w3.org/ns/dcat#"
	ODRL           = "http://www.w3.org/ns/odrl/2/"
	PROV           = "http://www.w3.org/ns/prov#"
	SPDX           = "http://spdx.org/rdf/terms#"
	DUO            = "http://purl.obolibrary.org/obo/DUO_"
)

// Sensitive marks columns about identifiable people; no vocabulary in use has a term for it.
const Sensitive = "urn:alita:terms:sensitive"

// DefaultConditions are the conditions of access of a document whose owner states none.
const DefaultConditions = "The data stay with their owner. Programs run on them under the owner's grant and are paid for per operation."
