// Package terms holds the rules that the chain, a worker and a payer must apply alike: whether a job fits a program, what a run
// costs, which protocol a secure sum follows, what noise discloses, and whether an owner's grant or a panel allows a computation. It is
// plain Go: it knows no store, no transaction and no protobuf message. Its callers convert what they have into the types here.
//
// A change of a result is a change of consensus: a node that runs the old code forks.
package terms
