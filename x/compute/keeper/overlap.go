package keeper

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"slices"

	"cosmossdk.io/collections"

	"github.com/alita-network/alita/crypto/label"
	"github.com/alita-network/alita/x/compute/types"
)

const (
	// rememberedSets is how many sets of owners are remembered for one query; the oldest is forgotten.
	rememberedSets = 16
	// memberSize is an owner's part of a set: a hash of its address and one of what it contributed.
	ownerSize  = 16
	memberSize = ownerSize + 8
)

// overlaps tells whether the same query was answered before over a set of owners that differs from the valid ones of a job
// by some, and by fewer than the cohort: the difference of both sums would tell of too few. An owner whose records have
// other versions by now differs. Where it does not overlap, the set is remembered before anything of its sum can be read.
func (k *Keeper) overlaps(ctx context.Context, job types.Job) (bool, error) {
	set, err := k.validSet(ctx, job)
	if err != nil {
		return false, err
	}
	query := queryHash(job)
	count, err := k.Queries.Get(ctx, query)
	if err != nil && !errors.Is(err, collections.ErrNotFound) {
		return false, err
	}
	for i := uint64(0); i < min(count, rememberedSets); i++ {
		before, err := k.QuerySets.Get(ctx, collections.Join(query, i))
		if err != nil {
			return false, err
		}
		switch d := difference(set, before); {
		case d == 0:
			return false, nil
		case d < int(job.Spec.MinCohort):
			return true, nil
		}
	}
	if err := k.QuerySets.Set(ctx, collections.Join(query, count%rememberedSets), set); err != nil {
		return false, err
	}
	return false, k.Queries.Set(ctx, query, count+1)
}

// queryHash names what a job asks, whoever asks it.
func queryHash(job types.Job) []byte {
	fields := [][]byte{
		label.Uint64(job.Spec.PoolId), []byte(job.Spec.ProgramId), job.Spec.Input, label.Uint64(uint64(job.Spec.Length)),
	}
	for _, c := range job.Spec.Columns {
		fields = append(fields, []byte(c))
	}
	hash := label.Hash("alita/compute/query/v1", fields...)
	return hash[:]
}

// validSet lists the owners of the valid contributions of a job's present attempt, sorted. It reads once for each owner
// that has ever contributed to the job.
func (k *Keeper) validSet(ctx context.Context, job types.Job) ([]byte, error) {
	want := job.OwnerMark(true)
	var members [][]byte
	err := k.RoundOwners.Walk(ctx, collections.NewPrefixedPairRange[string, []byte](job.Id),
		func(key collections.Pair[string, []byte], mark types.OwnerMark) (bool, error) {
			if mark.Attempt == want {
				owner := label.Hash("alita/compute/member/v1", key.K2())
				members = append(members, binary.BigEndian.AppendUint64(owner[:ownerSize:ownerSize], mark.Contributed))
			}
			return false, nil
		})
	slices.SortFunc(members, bytes.Compare)
	return slices.Concat(members...), err
}

// difference counts the owners that are in one of two sorted sets only, or have contributed something else.
func difference(a, b []byte) (n int) {
	for len(a) > 0 && len(b) > 0 {
		switch bytes.Compare(a[:ownerSize], b[:ownerSize]) {
		case -1:
			a, n = a[memberSize:], n+1
		case 1:
			b, n = b[memberSize:], n+1
		default:
			if !bytes.Equal(a[:memberSize], b[:memberSize]) {
				n++
			}
			a, b = a[memberSize:], b[memberSize:]
		}
	}
	return n + (len(a)+len(b))/memberSize
}
