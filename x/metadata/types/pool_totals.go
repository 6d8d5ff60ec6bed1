package types

import (
	errorsmod "cosmossdk.io/errors"
	"cosmossdk.io/math"

	"github.com/alita-network/alita/terms"
)

// NoTotals are the totals of a pool without active records.
func NoTotals() PoolTotals { return PoolTotals{Rows: math.ZeroInt(), Batches: math.ZeroInt()} }

// Add returns the totals with another record of at least one row.
func (t PoolTotals) Add(rows uint64) PoolTotals {
	t.Records++
	t.Rows = t.Rows.Add(math.NewIntFromUint64(rows))
	t.Batches = t.Batches.Add(math.NewIntFromUint64(terms.Batches(rows)))
	if rows == 1 {
		t.SingleRowRecords++
	}
	return t
}

// Remove returns the totals without a record that they count. It fails with ErrInvariant if they cannot count it.
func (t PoolTotals) Remove(rows uint64) (PoolTotals, error) {
	single := uint64(0)
	if rows == 1 {
		single = 1
	}
	left := PoolTotals{
		Rows:    t.Rows.Sub(math.NewIntFromUint64(rows)),
		Batches: t.Batches.Sub(math.NewIntFromUint64(terms.Batches(rows))),
	}
	if t.Records == 0 || t.SingleRowRecords < single || left.Rows.IsNegative() || left.Batches.IsNegative() {
		return t, errorsmod.Wrapf(ErrInvariant, "totals: expected a record of %d rows among %d, got %s rows in all", rows, t.Records, t.Rows)
	}
	left.Records, left.SingleRowRecords = t.Records-1, t.SingleRowRecords-single
	return left, nil
}

// CountTotals returns the totals of each pool that has active records, by a walk over all records and versions.
func CountTotals(records []Record, versions []Version) map[uint64]PoolTotals {
	pools := make(map[string]uint64, len(records))
	for _, r := range records {
		if r.Status == RECORD_STATUS_ACTIVE {
			pools[r.Id] = r.PoolId
		}
	}
	totals := map[uint64]PoolTotals{}
	for _, v := range versions {
		pool, active := pools[v.RecordId]
		if !active || v.Status != VERSION_STATUS_ADMITTED {
			continue
		}
		before, found := totals[pool]
		if !found {
			before = NoTotals()
		}
		totals[pool] = before.Add(v.Content.Commitment.Rows)
	}
	return totals
}

// Equal reports whether both totals are the same.
func (t PoolTotals) Equal(u PoolTotals) bool {
	return t.Records == u.Records && t.SingleRowRecords == u.SingleRowRecords && t.Rows.Equal(u.Rows) && t.Batches.Equal(u.Batches)
}
