package simulation

import (
	"context"
	"fmt"
	"math/big"
	"math/rand"

	"cosmossdk.io/collections"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/alita-network/alita/crypto/seal"
	"github.com/alita-network/alita/x/compute/types"
)

// maxReaderKeys is how many keys a reader may have come to use: one more for each dispute.
const maxReaderKeys = 1_000

// readerKey finds the present key of a job's reader and the next one.
func readerKey(job types.Job) (present, next seal.PrivateKey, err error) {
	for n := range uint32(maxReaderKeys) {
		if present, err = ReaderKey(job.Id, n); err != nil {
			return present, next, err
		}
		public := present.Public()
		if string(public.Bytes()) == string(job.Spec.ReaderKey) {
			next, err = ReaderKey(job.Id, n+1)
			return present, next, err
		}
	}
	return present, next, fmt.Errorf("the reader's key of job %s: expected one of its first %d", job.Id, maxReaderKeys)
}

// Read lets the reader of a job check the sums: it disputes the first that is wrong, and accepts where all are right. Where they
// are right and are not the sum of the vectors of the valid contributions and of the seats' noise, that is an error.
func (p Player) Read(ctx context.Context, r *rand.Rand) (sdk.Msg, error) {
	g, found, err := p.some(ctx, r, types.JOB_STATUS_READING, nil)
	if err != nil || !found {
		return nil, err
	}
	round, err := p.Keeper.Rounds.Get(ctx, collections.Join(g.Id, uint64(g.Round)))
	if err != nil {
		return nil, err
	}
	private, next, err := readerKey(g.Job)
	if err != nil {
		return nil, err
	}
	shares := make([][]byte, len(round.Sums))
	for i, s := range round.Sums {
		opening, err := g.sum.OpenSealed(private, i, s.Sealed.Enc, s.Sealed.Ciphertext)
		if err == nil {
			shares[i], err = g.sum.VerifyOpening(round.Commitments[i], uint64(round.Valid), opening)
		}
		if err == nil {
			continue
		}
		raw, err := private.Bytes()
		if err != nil {
			return nil, err
		}
		public := next.Public()
		return &types.MsgDisputeSum{
			Consumer: g.Consumer, JobId: g.Id, Seat: uint32(i), ReaderPrivateKey: raw, ReaderKey: public.Bytes(),
		}, nil
	}
	if err := p.checkSum(ctx, g, shares, round.Valid); err != nil {
		return nil, err
	}
	return &types.MsgAcceptSums{Consumer: g.Consumer, JobId: g.Id}, nil
}

func (p Player) checkSum(ctx context.Context, g game, shares [][]byte, valid uint32) error {
	got, err := g.sum.Unshard(shares, uint64(valid))
	if err != nil {
		return err
	}
	list, err := p.current(ctx, g)
	if err != nil {
		return err
	}
	want := make([]*big.Int, g.Spec.Length)
	for i := range want {
		want[i] = new(big.Int)
	}
	for _, v := range list {
		if v.status != types.CONTRIBUTION_STATUS_VALID {
			continue
		}
		for i, x := range v.vector {
			want[i].Add(want[i], new(big.Int).SetUint64(x))
		}
	}
	for i := range want {
		if want[i].Cmp(got[i]) != 0 {
			return fmt.Errorf("job %s, round %d, slot %d: the sums are proven and give %s: expected %s", g.Id, g.Round, i, got[i], want[i])
		}
	}
	return nil
}

// NextRound gives the input of the next round, or ends the job.
func (p Player) NextRound(ctx context.Context, r *rand.Rand) (*types.MsgNextRound, error) {
	g, found, err := p.some(ctx, r, types.JOB_STATUS_WAITING, nil)
	if err != nil || !found {
		return nil, err
	}
	msg := &types.MsgNextRound{Consumer: g.Consumer, JobId: g.Id, Round: g.Round + 1}
	if r.Intn(4) == 0 {
		msg.Done = true
	} else {
		msg.Input = RandomInput(r)
	}
	return msg, nil
}

// RandomInput is mostly new, so that the same was not asked before, and else one of two.
func RandomInput(r *rand.Rand) []byte {
	if r.Intn(4) == 0 {
		return []byte{byte(r.Intn(2))}
	}
	input := make([]byte, 8)
	r.Read(input)
	return input
}
