// Package iri judges the addresses and identifiers that the chain stores (RFC 3987 and, for what it builds on, RFC 3986).
//
// The parser is our own because the one of the standard library changes between Go versions, and the answer is part of
// consensus. It accepts less than the RFCs do: who reads a record may make a link of whatever stands there, so each use
// has its list of schemes, and javascript:, data:, file: and the like are on none.
//
//   - [Identifier]: https, http, ark, doi, hdl, igsn, swh, urn.
//   - [UsageTerm]: https, http, urn, and the compact names DUO:0000042 and odrl:use.
//   - [HTTPS]: https.
//
// An IRI has 1 to [MaxBytes] bytes of the characters of RFC 3987, percent escapes included; beyond ASCII the rules of
// package text hold. Addresses of the web have a host in ASCII (letters, digits, inner hyphens; other writing as xn--)
// or four decimal numbers of IPv4, a port from 1 to 65535 or none, and no user information. The other schemes have no
// host. Of ark, doi, hdl and urn the form of the identifier is checked, too.
//
// Not promised: that something answers at an address, that an identifier is registered, or that a host written as
// xn-- does not look like another one.
package iri
