package securesum_test

import (
	"encoding/binary"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/alita-network/alita/crypto/securesum"
)

// cut splits bytes into n parts, by lengths of two bytes.
func cut(b []byte, n int) (parts [][]byte) {
	for range n {
		size := 0
		if len(b) >= 2 {
			size, b = min(int(binary.BigEndian.Uint16(b)), len(b)-2), b[2:]
		}
		parts, b = append(parts, b[:size:size]), b[size:]
	}
	return parts
}

func join(parts ...[]byte) (b []byte) {
	for _, p := range parts {
		b = append(binary.BigEndian.AppendUint16(b, uint16(len(p))), p...)
	}
	return b
}

// FuzzMessages gives every decoder of a chain and of a seat any bytes: no panic, and nothing but what was really sent is accepted.
func FuzzMessages(f *testing.F) {
	r := newRun(f, oneHotShape(4, 2), session)
	s := r.share(1, oneHot(4, 1))
	v := r.judge(s)
	require.NoError(f, v.err)
	openings, commitments := r.sums([]sent{s})
	f.Add(join(s.shared.PublicShare, s.shared.Sealed[0].Enc, s.shared.Sealed[0].Ciphertext, s.shared.Commitments[0],
		s.shared.Sealed[1].Enc, s.shared.Sealed[1].Ciphertext, s.shared.Commitments[1], v.said[0], v.said[1], openings[0], s.evidence[0]))
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, raw []byte) {
		p := cut(raw, 11)
		shared := securesum.Shared{
			PublicShare: p[0], Sealed: []securesum.Sealed{{Enc: p[1], Ciphertext: p[2]}, {Enc: p[4], Ciphertext: p[5]}},
			Commitments: [][]byte{p[3], p[6]},
		}
		sent := securesum.Hash(shared) == securesum.Hash(s.shared)
		accepted := 0
		for seat, key := range r.private {
			if _, _, err := r.p.Prepare(s.c, shared, r.verify, seat, key); err == nil {
				accepted++
			}
			_, _ = r.p.Lied(s.c, shared, r.verify, seat, r.public[seat].Bytes(), p[10], p[7])
			_, _ = r.p.Lied(s.c, s.shared, r.verify, seat, p[0], p[10], p[7])
		}
		// A seat does not see what was sealed to another.
		if (accepted == len(r.private)) != sent {
			t.Fatalf("%d seats accept, what was sent: %t", accepted, sent)
		}
		if message, err := r.p.Combine(s.c, p[0], [][]byte{p[7], p[8]}); err == nil && string(message) != string(v.message) {
			t.Fatal("another message")
		}
		if _, err := r.p.VerifyOpening(commitments[0], 1, p[9]); err == nil && string(p[9]) != string(openings[0]) {
			t.Fatal("another opening")
		}
		_, _ = r.p.VerifyOpening(p[3], 1, openings[0])
		_, _ = securesum.AddCommitments(p[3], p[6])
		_, _ = r.p.Unshard([][]byte{p[1], p[2]}, 1)
		_, _ = r.p.OpenSealed(r.private[0], 0, p[1], p[2])
		sum := r.p.NewSum()
		if err := sum.Add(v.prepared[0], p[8]); err == nil && string(p[8]) != string(v.message) {
			t.Fatal("another message was taken")
		}
	})
}
