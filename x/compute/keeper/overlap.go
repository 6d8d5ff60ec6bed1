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

// overlaps reports whether the same query was answered before over nearly the same owners: over a set that differs from the
// valid owners of a job by at least one and by fewer than the greater of both cohorts. The difference of both sums would be
// about fewer owners than some of them have agreed to. An owner whose records have other versions by now counts as different.
// If nothing overlaps, the set is remembered before anything of its sum can be read.
func (k *Keeper) overlaps(ctx context.Context, job types.Job) (bool, error) {
	set, err := k.validSet(ctx, job)
	if err != nil {
		return false, err
	}
	if job, err = k.withQuestion(ctx, job); err != nil {
		return false, err
	}
	query := queryHash(job)
	count, err := k.Queries.Get(ctx, query)
	if err != nil && !errors.Is(err, collections.ErrNotFound) {
		return false, err
	}
	for i := uint64(0); i < min(count, types.RememberedSets); i++ {
		before, err := k.QuerySets.Get(ctx, collections.Join(query, i))
		if err != nil {
			return false, err
		}
		d := difference(set.Members, before.Members)
		if d > 0 && d < int(max(set.Cohort, before.Cohort)) {
			return true, nil
		}
		// The same owners, with at least this cohort: nothing new is disclosed.
		if d == 0 && before.Cohort >= set.Cohort {
			return false, nil
		}
	}
	if err := k.QuerySets.Set(ctx, collections.Join(query, count%types.RememberedSets), set); err != nil {
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
func (k *Keeper) validSet(ctx context.Context, job types.Job) (types.OwnerSet, error) {
	want := job.OwnerMark(true)
	var members [][]byte
	err := k.RoundOwners.Walk(ctx, collections.NewPrefixedPairRange[string, []byte](job.Id),
		func(key collections.Pair[string, []byte], mark types.OwnerMark) (bool, error) {
			if mark.Attempt == want {
				owner := label.Hash("alita/compute/member/v1", key.K2())
				members = append(members, binary.BigEndian.AppendUint64(owner[:types.MemberKeySize:types.MemberKeySize], mark.Contributed))
			}
			return false, nil
		})
	slices.SortFunc(members, bytes.Compare)
	return types.OwnerSet{Cohort: job.Spec.MinCohort, Members: slices.Concat(members...)}, err
}

// difference counts the owners that are in one of two sorted sets only, or have contributed something else.
func difference(a, b []byte) (n int) {
	for len(a) > 0 && len(b) > 0 {
		switch bytes.Compare(a[:types.MemberKeySize], b[:types.MemberKeySize]) {
		case -1:
			a, n = a[types.MemberSize:], n+1
		case 1:
			b, n = b[types.MemberSize:], n+1
		default:
			if !bytes.Equal(a[:types.MemberSize], b[:types.MemberSize]) {
				n++
			}
			a, b = a[types.MemberSize:], b[types.MemberSize:]
		}
	}
	return n + (len(a)+len(b))/types.MemberSize
}
