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
// Everything that an owner sends is bound to the chain, the job, the round, the attempt, the record, its version and the owner: it
// is refused everywhere else.
//
// # Who is to blame
//
// A contribution that Combine refuses was malformed by its owner, or one of the seats has said something wrong of it. An owner
// who was honest can tell which, since it knows every share, and can prove it: the randomness with which it sealed a share shows
// to everybody what that seat got, and Lied computes what the seat should have said. The owner gives away that one share, which
// the accused seat knows; the others still hide the vector. A seat cannot be accused wrongly: only what was really sealed
// to it counts, and what it should have said follows from it.
//
// A public sum that does not open its commitment needs no evidence. If it is sealed, the reader's private key, made for one job,
// shows to everybody what the seat has sealed.
package securesum
