// Package pedersen commits to vectors of secret shares, so that a sum of shares can be checked against the
// sum of their commitments. It keeps an aggregator of Prio3 (package prio3) from falsifying its sum.
//
// # The commitment
//
// The group is ristretto255 (RFC 9496) of prime order l = 2^252 + 27742317777372353535851937790883648493. A share
// is a vector of L elements of Prio3's Field128, taken as the integers s_1 to s_L in [0, p). Its commitment is
//
//	C = s_1 G_1 + ... + s_L G_L + r H + L K
//
// with a uniform blinding r. All generators come from hashing their name to the group (RFC 9380, suite
// ristretto255_XMD:SHA-512_R255MAP_RO_), so there is no setup and nobody knows a relation between them. A slot's
// position is bound by its generator, the length by L K. A commitment has 32 bytes for every length.
//
// # Sums in the field, sums in the group
//
// Shares add up modulo p, commitments modulo l. The two are kept apart: an aggregator opens the sum of the integers,
// without reducing it. For n shares it is at most n(p-1) in each slot. With n < 2^32 and p < 2^128 this is below
// 2^160, far below l, so that an opening within that bound is the only one the commitment allows. It is reduced
// modulo p afterwards, by the reader. Verify checks the bound; an opening that differs from the true sum by a
// multiple of p is refused like any other.
//
// # What it guarantees
//
// Hiding is perfect: a commitment alone says nothing about the share, to anybody. Binding rests on discrete
// logarithms in ristretto255: an aggregator cannot open the sum of the commitments it has accepted to anything but
// the sum of the shares. Both hold against any number of colluding parties, with one limit that a user of this
// package must handle. The owner of a share makes its commitment, and this package does not tie it to the share that
// Prio3 has proved valid. So an aggregator calls Check or CheckBatch on every share before it accepts the share. An
// owner and an aggregator who conspire can commit to a share that was never proved, and move the sum by any amount.
// Without the owner, an aggregator cannot move it at all.
//
// # Timing
//
// The multiplications that see shares or blindings take the same instructions and read the same addresses for all
// their values. Sums of integers, and everything about public openings, do so too, but nothing relies on that.
//
// Sources: T. Pedersen, "Non-interactive and information-theoretic secure verifiable secret sharing", CRYPTO 1991;
// RFC 9496 (ristretto255); RFC 9380 sections 5.3.1 and appendix B (hashing to the group); draft-irtf-cfrg-vdaf-14,
// section 6.1 (Field128).
package pedersen
