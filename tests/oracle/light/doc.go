// Package light compares the headers and proofs that package light of the project accepts with what CometBFT's light client and
// the ICS-23 library accept, on made-up chains, on the recorded answers of a network, and on real IAVL trees.
//
// It is a module of its own because the worker must never link CometBFT: nothing of what it needs is in the project's go.mod for
// its sake.
package light
