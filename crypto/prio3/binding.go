package prio3

import "github.com/alita-network/alita/crypto/label"

// Binding names the purpose of a contribution. Shares made under one binding are refused under every other one, so none can be replayed.
type Binding struct {
	ChainID string
	JobID   string
	// Round counts the rounds of a job, Attempt the starts of a round: it starts again when seats are replaced.
	Round, Attempt uint32
	Owner          []byte
	RecordID       string
	RecordVersion  string
	// Terms are what else the session has agreed on about its vectors; nil for nothing.
	Terms []byte
}

// Context is the application context of the draft: 32 bytes, different for different bindings.
func (b Binding) Context() []byte {
	parts := [][]byte{
		[]byte(b.ChainID), []byte(b.JobID), label.Uint64(uint64(b.Round)), label.Uint64(uint64(b.Attempt)), b.Owner, []byte(b.RecordID), []byte(b.RecordVersion),
	}
	if b.Terms != nil {
		parts = append(parts, b.Terms)
	}
	h := label.Hash("alita/prio3/context/v1", parts...)
	return h[:]
}

// nonceOf derives the nonce. One contribution counts for each context, so nonces do not repeat under a verification key.
func nonceOf(context []byte) (nonce [nonceSize]byte) {
	h := label.Hash("alita/prio3/nonce/v1", context)
	copy(nonce[:], h[:])
	return nonce
}
