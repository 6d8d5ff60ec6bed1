package bench_test

import (
	"crypto/rand"
	"fmt"
	mathrand "math/rand/v2"
	"slices"
	"sort"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/alita-network/alita/crypto/label"
	"github.com/alita-network/alita/crypto/pedersen"
	"github.com/alita-network/alita/crypto/seal"
	"github.com/alita-network/alita/crypto/securesum"
	"github.com/alita-network/alita/x/compute/types"
)

const (
	// seats share each vector, batched is how many contributions a seat judges at once.
	seats   = 3
	batched = 64
	// leastSample is how long a sample takes at least, by repeating what is measured.
	leastSample = 20 * time.Millisecond
)

// cpuOf is the CPU time of an operation: the median of samples, each of as many repetitions as it takes to be measured well.
func cpuOf(samples int, op func()) time.Duration {
	op()
	repeat := 1
	for {
		start := cpuTime()
		for range repeat {
			op()
		}
		if cpuTime()-start >= leastSample {
			break
		}
		repeat *= 2
	}
	all := make([]time.Duration, samples)
	for i := range all {
		start := cpuTime()
		for range repeat {
			op()
		}
		all[i] = (cpuTime() - start) / time.Duration(repeat)
	}
	return time.Duration(median(all, func(d time.Duration) float64 { return float64(d) }))
}

// msText has three digits.
func msText(d time.Duration) string { return fmt.Sprintf("%.3g ms", ms(d)) }

// secureRun is a secure sum with its seats and the contributions of a batch.
type secureRun struct {
	securesum.Protocol
	tb      testing.TB
	private []seal.PrivateKey
	public  []seal.PublicKey
	verify  []byte
	vector  []uint64
	batch   []securesum.Submitted
	// evidence is that of the first contribution; said and prepared are what the seats make of it, message what follows.
	evidence securesum.Evidence
	said     [][]byte
	prepared []securesum.Prepared
	message  []byte
}

func newSecureRun(tb testing.TB, shape securesum.Shape) *secureRun {
	tb.Helper()
	p, err := securesum.New(shape, securesum.Session{Chain: "bench", Job: "00", Round: 1, Attempt: 1})
	require.NoError(tb, err)
	verify := label.Hash("bench/verify")
	r := &secureRun{Protocol: p, tb: tb, verify: verify[:], vector: make([]uint64, shape.Length)}
	r.vector[0] = 1
	for i := range seats {
		seed := label.Hash("bench/seat", label.Uint64(uint64(i)))
		key, err := seal.ParsePrivateKey(seed[:])
		require.NoError(tb, err)
		r.private, r.public = append(r.private, key), append(r.public, key.Public())
	}
	for i := range batched {
		shared, evidence := r.share(i)
		r.batch = append(r.batch, securesum.Submitted{Contribution: submitted(i), Shared: shared})
		if i == 0 {
			r.evidence = evidence
		}
	}
	for seat := range seats {
		said, prepared, err := r.Prepare(submitted(0), r.batch[0].Shared, r.verify, seat, r.private[seat])
		require.NoError(tb, err)
		r.said, r.prepared = append(r.said, said), append(r.prepared, prepared)
	}
	r.message, err = r.Combine(submitted(0), r.batch[0].Shared.PublicShare, r.said)
	require.NoError(tb, err)
	return r
}

func submitted(i int) securesum.Contribution {
	owner := label.Hash("bench/owner", label.Uint64(uint64(i)))
	return securesum.Contribution{Record: fmt.Sprintf("%032x", i), Version: "1.0.0", Owner: owner[:20]}
}

func (r *secureRun) share(i int) (securesum.Shared, securesum.Evidence) {
	secret := label.Hash("bench/secret", label.Uint64(uint64(i)))
	shared, evidence, err := r.Share(submitted(i), r.public, r.vector, secret[:])
	require.NoError(r.tb, err)
	return shared, evidence
}

// seatAlone is what the slower one of the first two seats takes for one contribution: the first holds the vector, the others a seed.
func (r *secureRun) seatAlone(samples int) time.Duration {
	slower := time.Duration(0)
	for seat := range 2 {
		slower = max(slower, cpuOf(samples, func() {
			_, prepared, err := r.Prepare(submitted(0), r.batch[0].Shared, r.verify, seat, r.private[seat])
			require.NoError(r.tb, err)
			require.NoError(r.tb, r.NewSum().Add(prepared, r.message))
		}))
	}
	return slower
}

// seatBatched is the same for each contribution of a batch.
func (r *secureRun) seatBatched(samples int) time.Duration {
	slower := time.Duration(0)
	for seat := range 2 {
		slower = max(slower, cpuOf(samples, func() {
			judged, err := r.PrepareBatch(rand.Reader, r.verify, seat, r.private[seat], r.batch)
			require.NoError(r.tb, err)
			for _, j := range judged {
				require.NoError(r.tb, j.Refused)
			}
		}))
	}
	return slower / batched
}

// chain is what the chain computes for a contribution: the form and the hash of the shares, the judgement, three additions.
func (r *secureRun) chain(samples int) time.Duration {
	shared := r.batch[0].Shared
	return cpuOf(samples, func() {
		require.NoError(r.tb, r.CheckShared(shared))
		_ = securesum.Hash(shared)
		_, err := r.Combine(submitted(0), shared.PublicShare, r.said)
		require.NoError(r.tb, err)
		for _, commitment := range shared.Commitments {
			_, err := securesum.AddCommitments(commitment, commitment)
			require.NoError(r.tb, err)
		}
	})
}

func (r *secureRun) accusation(samples int) time.Duration {
	return cpuOf(samples, func() {
		lied, err := r.Lied(submitted(0), r.batch[0].Shared, r.verify, 0, r.public[0].Bytes(), r.evidence[0], r.said[0])
		require.NoError(r.tb, err)
		require.False(r.tb, lied)
	})
}

// sumCheck is the check of one seat's sum over owners. The same contribution again and again is a sum like any other.
func (r *secureRun) sumCheck(samples, owners int) time.Duration {
	sum := r.NewSum()
	var commitment []byte
	for range owners {
		require.NoError(r.tb, sum.Add(r.prepared[0], r.message))
		var err error
		commitment, err = securesum.AddCommitments(commitment, r.batch[0].Shared.Commitments[0])
		require.NoError(r.tb, err)
	}
	opening := sum.Opening()
	return cpuOf(samples, func() {
		_, err := r.VerifyOpening(commitment, uint64(owners), opening)
		require.NoError(r.tb, err)
	})
}

type secureShape struct {
	name  string
	shape securesum.Shape
}

func oneHot(slots uint32) secureShape {
	return secureShape{"one-hot, " + thousands(int(slots)), securesum.Shape{Kind: securesum.OneHot, Length: slots, Seats: seats}}
}

func sums(slots, bits uint32) secureShape {
	return secureShape{
		fmt.Sprintf("%s of %d bits", thousands(int(slots)), bits), securesum.Shape{Kind: securesum.SumVec, Length: slots, Bits: bits, Seats: seats},
	}
}

// BenchmarkSecureSums measures what owners, seats and the chain compute for a contribution to a secure sum over three seats, and for
// the check of a sum.
func BenchmarkSecureSums(b *testing.B) {
	for b.Loop() {
		t := secureTable(b, *runs, sums(3, 63), oneHot(64), oneHot(1024), sums(64, 16), sums(256, 16), sums(1024, 16))
		report(b, "secure", t)
		t = newTable("slots", "10 owners", "100 owners", "1,000 owners")
		for _, slots := range []uint32{64, 1024, 4096} {
			r := newSecureRun(b, oneHot(slots).shape)
			t.row(thousands(int(slots)), msText(r.sumCheck(*runs, 10)), msText(r.sumCheck(*runs, 100)), msText(r.sumCheck(*runs, 1000)))
		}
		report(b, "sums", t)
	}
}

// BenchmarkBadCommitments measures what contributions cost a seat whose commitments do not open.
func BenchmarkBadCommitments(b *testing.B) {
	for b.Loop() {
		report(b, "bad", badTable(b, *runs, sums(3, 63), sums(64, 16), sums(473, 16), oneHot(64), oneHot(1024), oneHot(4096)))
	}
}

// badCommitments is what checking a batch of commitments takes, by how many of them open.
type badCommitments struct {
	scheme *pedersen.Scheme
	batch  []pedersen.Opened
	wrong  pedersen.Blinding
}

func newBadCommitments(tb testing.TB, slots int) badCommitments {
	tb.Helper()
	scheme, err := pedersen.New(slots)
	require.NoError(tb, err)
	b := badCommitments{scheme: scheme}
	random := mathrand.NewChaCha8([32]byte{1})
	b.wrong, err = pedersen.NewBlinding(random)
	require.NoError(tb, err)
	for range batched {
		o := pedersen.Opened{Share: make([]byte, scheme.ShareSize())}
		_, _ = random.Read(o.Share)
		for i := pedersen.ElementSize - 1; i < len(o.Share); i += pedersen.ElementSize {
			o.Share[i] &= 0x7f
		}
		o.Blinding, err = pedersen.NewBlinding(random)
		require.NoError(tb, err)
		o.Commitment, err = scheme.Commit(o.Share, o.Blinding)
		require.NoError(tb, err)
		b.batch = append(b.batch, o)
	}
	return b
}

// together is what a commitment takes in a batch in which each one that step divides is bad.
func (b badCommitments) together(tb testing.TB, samples, step int) time.Duration {
	batch, bad := slices.Clone(b.batch), 0
	for i := 0; step > 0 && i < len(batch); i += step {
		batch[i].Blinding = b.wrong
		bad++
	}
	return leastOf(samples, func() {
		found, err := b.scheme.CheckBatch(rand.Reader, batch)
		require.NoError(tb, err)
		require.Len(tb, found, bad)
	}) / batched
}

// singly is what a commitment takes by itself.
func (b badCommitments) singly(tb testing.TB, samples int) time.Duration {
	return leastOf(samples, func() {
		for _, o := range b.batch {
			require.Error(tb, b.scheme.Check(o.Commitment, o.Share, b.wrong))
		}
	}) / batched
}

// badTable compares batches of contributions whose commitments do not open with good ones, and with the time that the chain gives a seat.
func badTable(tb testing.TB, samples int, shapes ...secureShape) *table {
	tb.Helper()
	t := newTable("vector", "commitment, singly", fmt.Sprintf("in a good batch of %d", batched), "all bad", "every eighth bad", "worst against singly",
		"seat, a good batch", "the worst", "in a block", "the worst block")
	params := types.DefaultParams()
	for _, s := range shapes {
		r, c := newSecureRun(tb, s.shape), newBadCommitments(tb, int(s.shape.Length))
		singly, good := c.singly(tb, samples), c.together(tb, samples, 0)
		all, eighth := c.together(tb, samples, 1), c.together(tb, samples, 8)
		worst, seat := max(all, eighth), r.seatBatched(samples)
		const blocks = 1000
		inBlock := sort.Search(1<<20, func(n int) bool {
			return params.SeatWork(types.SeatLoad{Count: uint32(n), Bytes: r.SharedSize(), Share: r.PreparationSize(), Slots: r.Slots()}) > blocks
		}) - 1
		t.row(s.name, msText(singly), msText(good), msText(all), msText(eighth), fmt.Sprintf("%.2f", float64(worst)/float64(singly)),
			msText(seat), msText(seat-good+worst), fmt.Sprintf("%.1f", float64(inBlock)/blocks),
			fmt.Sprintf("%.2f s", (seat-good+worst).Seconds()*float64(inBlock)/blocks))
	}
	return t
}

func secureTable(tb testing.TB, samples int, shapes ...secureShape) *table {
	tb.Helper()
	t := newTable("vector", "owner", "contribution", "seat, alone", fmt.Sprintf("seat, in batches of %d", batched), "its answer", "chain", "accusation")
	for _, s := range shapes {
		r := newSecureRun(tb, s.shape)
		t.row(s.name, msText(cpuOf(samples, func() { r.share(0) })), thousands(r.SharedSize())+" B",
			msText(r.seatAlone(samples)), msText(r.seatBatched(samples)), thousands(len(r.said[0]))+" B",
			msText(r.chain(samples)), msText(r.accusation(samples)))
	}
	return t
}

// TestSecureSums is the short form: what is measured is right.
func TestSecureSums(t *testing.T) {
	table := secureTable(t, 1, sums(3, 63)).String()
	require.Contains(t, table, "| 3 of 63 bits | ")
	require.Contains(t, table, " | 8,112 B | ")
	require.Contains(t, table, " | 288 B | ")
	require.Positive(t, newSecureRun(t, oneHot(64).shape).sumCheck(1, 10))
	require.Contains(t, badTable(t, 1, sums(3, 63)).String(), "| 3 of 63 bits | ")
}
