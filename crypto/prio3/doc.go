// Package prio3 splits a vector of integers into secret shares for a few aggregators ("seats"). Every seat alone sees
// uniform noise. All seats together can check that the vector is well formed, without seeing it. The sum over many
// owners comes out exactly. It is Prio3 of the IETF's draft on verifiable distributed aggregation
// functions, as cloudflare/circl implements it, with the encodings bounded and the parameters chosen.
//
// # The run
//
//	owner       Shard(vector)                          one input share for each seat, one public share
//	each seat   Prepare(key, seat, public, input)      a preparation share, and a state that it keeps
//	anybody     Combine(public, preparation shares)    the message that accepts the contribution, or ErrInvalid
//	each seat   State.Next(message)                    its output share, which it adds up over all owners
//	reader      Unshard(one sum from each seat)        the sum of the vectors
//
// A chain can run Combine itself: it is a function of public bytes, and no seat can then accept or drop a contribution alone.
//
// # What it guarantees
//
// Privacy: as long as one seat keeps its share to itself, the others and the chain learn only that a vector is well
// formed; seats that keep to the protocol learn nothing beyond the sum. Robustness, against any number of owners
// together: a vector that is out of range, not one-hot, or has altered shares is accepted with a probability below
// 2^-100. The probability is for each set of shares that an owner tries on its own machine before it sends one,
// because the joint randomness comes from a hash.
//
// It does not protect the sum against a seat: a seat can name any sum of output shares. Commitments to the shares
// (package pedersen) prevent that. Nor does it show that a vector is true.
//
// # What a caller must do
//
//   - The verification key of a round must be unpredictable to owners until their contributions are final; with the key, an
//     owner can make a proof of a false statement. It may be public afterwards.
//   - One contribution is never prepared under two keys. A seat that answers for two keys about the same input share
//     gives away one more point of the secret polynomials each time. A round that starts again needs new shares under a new
//     Binding.Attempt.
//   - Input shares travel encrypted to their seat, and preparation shares authenticated by their seat.
//
// The context and the nonce bind all shares to one Binding; shares presented under another are refused. Drafts do not
// understand each other, so the draft is part of what a job agrees on: see Draft. Drafts 13 to 17 have the same published
// vectors for these kinds; draft 18 has others.
//
// Sources: draft-irtf-cfrg-vdaf-14, section 7 (Prio3); D. Boneh, E. Boyle, H. Corrigan-Gibbs, N. Gilboa, Y. Ishai,
// "Zero-knowledge proofs on secret-shared data via fully linear PCPs", CRYPTO 2019; H. Davis, C. Patton, M. Rosulek,
// P. Schoppmann, "Verifiable distributed aggregation functions", PoPETs 2023.
package prio3
