// Package light believes a node only what two thirds of a validator set have signed. A Client follows the headers of a
// CometBFT chain from a trust root, which is the hash of one header, and a Snapshot reads the state behind the newest one:
// a value, or its absence, counts only if a Merkle proof leads from it to the header's app hash. It needs the standard
// library and protowire, and knows no transport: a Source asks a node.
//
// What it checks, and by which text:
//
//   - Headers: the verification of the CometBFT specification, "Light Client Verification", with three differences. The trust
//     level for a header that is not adjacent is 2/3 and not 1/3: with 1/3, a third of the stake names a set of its own in any
//     jump. Only ed25519 keys count. A clock that is behind the trusted header is an error.
//   - Values: ICS-23, "Vector Commitments", with the specs of IAVL (a module's store) and of CometBFT's simple tree (the tree
//     of stores). An empty value is a value here: indexes have them, and ICS-23's reference code does not prove the absence of
//     a key next to one.
//   - Forks: the same height is asked of witnesses. Another header that 2/3 have signed as well is a conflict, and final: both
//     headers are kept, and nothing is believed until there is a new trust root.
//
// What is left: 2/3 of the stake can lie about everything, a fork is seen only if a witness shows it, and a node can withhold
// what it likes. A node that withholds costs work, and gives nothing away.
package light
