package privacy_test

import (
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/proto"

	computev1 "github.com/alita-network/alita/api/compute/v1"
	"github.com/alita-network/alita/crypto/seal"
	"github.com/alita-network/alita/crypto/securesum"
	"github.com/alita-network/alita/node/chain"
	"github.com/alita-network/alita/node/worker"
	"github.com/alita-network/alita/sandbox"
	"github.com/alita-network/alita/terms"
	"github.com/alita-network/alita/testutil/lies"
	computetypes "github.com/alita-network/alita/x/compute/types"
)

// liedTo is how many owners are behind a lying node in a world.
const liedTo = 20

// othersKeys are the lies of a node that names its own keys for all seats, in every answer about jobs.
func othersKeys(t testing.TB) lies.Lie {
	swap := func(j *computev1.Job) {
		for i := range j.GetSeats() {
			j.Seats[i].Key = keyOf(t, fmt.Sprint("a liar's seat ", i)).Public().Bytes()
		}
	}
	return func(_ string, _, res proto.Message) error {
		switch r := res.(type) {
		case *computev1.QueryJobResponse:
			swap(r.Job)
		case *computev1.QueryJobsByPoolResponse:
			for _, j := range r.Jobs {
				swap(j)
			}
		}
		return nil
	}
}

// othersAreSlandered are the lies of a node that says of every seat that it judged falsely.
func othersAreSlandered(_ string, _, res proto.Message) error {
	if r, ok := res.(*computev1.QueryPreparationsResponse); ok {
		for _, p := range r.Shares {
			for i := range p {
				p[i] ^= 1
			}
		}
	}
	return nil
}

// opens reports whether what has left an owner's machine opens its vector, for the node that lies, all seats but the last, and their
// friends: whether they can read the shares of all seats of one set.
func (o *owner) opens(t *testing.T, job computetypes.Job) bool {
	t.Helper()
	p := o.x.protocol(job)
	of := securesum.Contribution{Record: o.record, Version: "1.0.0", Owner: o.account.Address()}
	accused := map[uint32]bool{}
	for _, m := range o.left {
		if a, ok := m.(*computev1.MsgAccuseSeat); ok {
			accused[a.Seat] = true
		}
	}
	for _, m := range o.left {
		c, ok := m.(*computev1.MsgContribute)
		if !ok || c.Shared == nil {
			continue
		}
		shared := o.x.message(c).(*computetypes.MsgContribute).Shared.Proto()
		open := true
		for i, s := range job.Seats {
			keys := []seal.PrivateKey{keyOf(t, fmt.Sprint("a liar's seat ", i))}
			if i < len(job.Seats)-1 || accused[uint32(i)] {
				keys = append(keys, o.x.seatKey(job.Id, s))
			}
			can := false
			for _, k := range keys {
				_, _, err := p.Prepare(of, shared, make([]byte, 32), i, k)
				can = can || err == nil
			}
			open = open && can
		}
		if open {
			return true
		}
	}
	return false
}

// playLie plays a job before owners whose node lies, and returns whose vectors can be opened. proved has their workers believe proofs alone.
func playLie(t *testing.T, seed uint64, proved bool, lie func(h *headers, job, seat string) lies.Lie) (opened []bool, taken int) {
	t.Helper()
	l := newWorld(t, seed, answers[:1], liedTo)
	var h *headers
	if proved {
		h = newHeaders(l.exchange)
	}
	box, err := sandbox.New(t.Context(), sandbox.Config{})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, box.Close(context.Background())) })
	for _, o := range l.owners {
		policy := worker.Policy{AnyProgram: true, MinCohort: 2, MinSeats: seats}
		if proved {
			o.node = newNode(t, l.exchange)
			o.node.headers = h
			policy.Trust = chain.Trust{Root: h.root()}
		}
		o.start(box, policy)
	}
	l.after = func() {
		if proved {
			h.add()
		}
		l.looked()
	}
	l.question("sybils", one)
	id := l.jobs["sybils"]
	l.seated(id)
	tell := lie(h, id, l.job(id).Seats[0].Operator)
	for _, o := range l.owners {
		o.node.lie = tell
	}
	for l.job(id).Status == computetypes.JOB_STATUS_CONTRIBUTING {
		l.send()
	}
	job := l.job(id)
	if job.Status == computetypes.JOB_STATUS_VERIFYING {
		l.judgeFalsely(job)
		for range 6 {
			l.send()
		}
	}
	for _, o := range l.owners {
		opened = append(opened, o.opens(t, job))
		if o.viewOf(id).message != nil {
			taken++
		}
	}
	return opened, taken
}

// judgeFalsely has the first seat judge all contributions falsely, and the others rightly. An owner may then accuse the first one.
func (l *live) judgeFalsely(job computetypes.Job) {
	l.t.Helper()
	p, queries := l.protocol(job), l.queries()
	for n, s := range job.Seats {
		msg := &computetypes.MsgPrepare{Account: s.Account, JobId: job.Id, Attempt: job.Attempt}
		for _, o := range l.owners {
			if o.viewOf(job.Id).message == nil {
				continue
			}
			res, err := queries.Shares(l.Ctx(), &computetypes.QuerySharesRequest{JobId: job.Id, RecordId: o.record})
			require.NoError(l.t, err)
			of := securesum.Contribution{Record: o.record, Version: "1.0.0", Owner: o.account.Address()}
			share, _, err := p.Prepare(of, res.Shared.Proto(), job.VerifyKey, n, l.seatKey(job.Id, s))
			if err != nil {
				return // shares for others' keys are refused by the seats; there is nothing to slander
			}
			if n == 0 {
				share = slices.Clone(share)
				share[0] ^= 1
			}
			msg.Preparations = append(msg.Preparations, computetypes.Preparation{RecordId: o.record, Share: share})
		}
		if noise, noised := p.Noise(); noised {
			for other, s2 := range job.Seats {
				share, _, err := noise.Prepare(terms.NoiseOf(s2.Operator), l.noise(job, other), job.VerifyKey, n, l.seatKey(job.Id, s))
				require.NoError(l.t, err)
				msg.Preparations = append(msg.Preparations, computetypes.Preparation{RecordId: s2.Operator, Share: share})
			}
		}
		l.queue = append(l.queue, l.Sign(l.seats[s.Account], msg))
	}
	l.block()
}

// TestAttackLyingNodes plays lying nodes, with all seats but one as their friends, against live owners.
func TestAttackLyingNodes(t *testing.T) {
	var now, before score
	random := rand.New(rand.NewPCG(19, 19))
	add := func(s *score, opened []bool) {
		for _, open := range opened {
			s.add(open || random.IntN(2) == 0)
		}
	}
	told := lies.Worker(nil, "", "")
	told["other keys for the seats"], told["all seats judged falsely"] = othersKeys(t), othersAreSlandered
	names := slices.Sorted(maps.Keys(told))
	for n := 0; n*liedTo < trials(); n++ {
		t.Run(fmt.Sprint("keys, believed ", n), func(t *testing.T) {
			opened, _ := playLie(t, uint64(1_000+n), false, func(*headers, string, string) lies.Lie { return othersKeys(t) })
			add(&before, opened)
		})
	}
	rounds := max(1, trials()/(liedTo*len(names))+1)
	if !full() {
		rounds = 1
	}
	for n := range rounds {
		for i, name := range names {
			if !full() && i%3 != 0 {
				continue
			}
			t.Run(fmt.Sprint(name, " ", n), func(t *testing.T) {
				opened, taken := playLie(t, uint64(2_000+100*n+i), true, func(h *headers, job, seat string) lies.Lie {
					switch name {
					case "other keys for the seats", "all seats judged falsely":
						return told[name]
					}
					return lies.Worker(h, job, seat)[name]
				})
				add(&now, opened)
				t.Logf("%s: %d of %d contributed", name, taken, liedTo)
				require.NotContains(t, opened, true)
			})
		}
	}
	t.Run("score", func(t *testing.T) {
		requireBroken(t, 0.85, before)
		requireAtMost(t, 0.5, now)
		note(row{
			number: 45, attack: fmt.Sprintf("a node that tells one of %d lies, with all seats but one", len(names)),
			before: before.String(), after: now.String(), most: most(0.5),
		})
	})
}
