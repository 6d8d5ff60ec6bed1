// Package securesum adds up vectors of integers of many owners so that only the sum becomes readable, to the reader alone, and
// so that everybody can check that the sum is right. It joins Prio3 (package prio3), Pedersen commitments to the shares (package
// pedersen) and HPKE (package seal) into the messages that owners, seats and a chain exchange. Pure functions over bytes.
//
// # The run
//
//	owner        Share          one message: a public share, a sealed input share for each seat, a commitment to each output share
//	chain        CheckShared    refuses malformed shares
//	each seat    Prepare        a preparation share of each contribution, or a refusal
//	chain        Combine        decides on each contribution, and adds the commitments of the valid ones
//	each seat    Finish, Sum    its sum over the valid contributions, opened in public or sealed to the reader
//	chain, reader  VerifyOpening  whether the sum opens the sum of the commitments
//	reader       Unshard        the sum of the vectors
//
// If the sum has noise, each seat also hands in a vector of its own, before the contributions are final: Share under the protocol that
// Noise returns, with CheckShared, Prepare and Combine as for a contribution, and its commitments are added to the same sums. An opening
// is of all contributions and all seats' noise; there is no other that opens the commitments. So no sum can be read that lacks the noise of
// a seat which keeps its share of the sum until its own noise is in it.
//
// Everything that an owner sends is bound to the chain, the job, the round, the attempt, the record, its version and the owner: it
// is refused everywhere else.
//
// # Who is to blame
//
// If Combine refuses a contribution, its owner malformed it, or a seat published a wrong preparation share. An honest owner knows
// every share, so it knows which seat, and can prove it. The randomness with which it sealed a share shows to everybody which share
// that seat got, and Lied computes the right answer to it. The owner gives away that one share, which the accused seat knows; the
// others still hide the vector. A seat cannot be accused wrongly: only the share that was really sealed to it counts, and the right
// answer follows from that share.
//
// A public sum that does not open its commitment needs no evidence. If it is sealed, the reader's private key, made for one job,
// shows to everybody what the seat has sealed.
package securesum
