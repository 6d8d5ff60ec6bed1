package prio3

import "math/bits"

// The sizes below follow from the parameters alone (draft-irtf-cfrg-vdaf-14, section 7). So before any computation a chain can
// bound a message, and a worker can see that its answer does not fit.

// arity is the number of inputs of the circuit's gadget, calls the number of its calls.
func (p Params) arity() int { return 2 * p.Chunk }

func (p Params) calls() int { return (p.elements() + p.Chunk - 1) / p.Chunk }

// proofElements is the length of a proof: a seed for each wire, and a polynomial of degree 2(P - 1), where P is the power of two
// above the number of calls.
func (p Params) proofElements() int { return p.arity() + 2*(powerOfTwo(1+p.calls())-1) + 1 }

func powerOfTwo(n int) int { return 1 << bits.Len(uint(n-1)) }

// PublicShareSize is the length of the public share in bytes: a part of the joint randomness for each seat.
func (p Params) PublicShareSize() int { return p.Shares * seedSize }

// InputShareSize is the length of the input share of a seat in bytes. Seat 0 holds the vector and the proof, minus the
// shares of the others; the others hold a seed. Each has the blind of its part of the joint randomness.
func (p Params) InputShareSize(seat int) int {
	if seat == 0 {
		return (p.elements()+p.proofElements())*ElementSize + seedSize
	}
	return 2 * seedSize
}

// PrepareShareSize is the length of a preparation share in bytes.
func (p Params) PrepareShareSize() int { return (2+p.arity())*ElementSize + seedSize }

// OutputShareSize is the length of an output share, and of a sum of output shares, in bytes.
func (p Params) OutputShareSize() int { return p.Length * ElementSize }

// randomSize is the size of the randomness that Shard needs, in bytes.
func (p Params) randomSize() int { return 2 * p.Shares * seedSize }

// ChunkLength returns the chunk length that makes a contribution smallest, counting the first input share and the preparation
// shares of all seats. With c elements in a chunk and P the power of two above the number of chunks, the first takes 2c + 2P - 1
// elements in addition to the vector itself, and the others 2c + 2 for each seat. For each P the smallest c is best, so it tries
// each P. Twice that length saves a fifth to a third of the time to prove and to prepare, but takes some 5% more bytes, and bytes
// cost more here. BenchmarkChunk measures both.
func ChunkLength(elements, shares int) int {
	best, bestCost := 1, 0
	for p := 2; ; p *= 2 {
		chunk := (elements + p - 2) / (p - 1)
		cost := 2*chunk + 2*p + shares*2*chunk
		if bestCost == 0 || cost < bestCost {
			best, bestCost = chunk, cost
		}
		if chunk == 1 {
			return best
		}
	}
}
