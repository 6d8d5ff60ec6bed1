package keeper_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	datapooltypes "github.com/alita-network/alita/x/datapool/types"
	"github.com/alita-network/alita/x/metadata/testutil"
	"github.com/alita-network/alita/x/metadata/types"
)

// The totals of a pool follow admission, a new version and retirement; what waits for review does not count.
func TestPoolTotals(t *testing.T) {
	w := newWorld(t)
	// requireTotals compares records, rows, batches and records of one row.
	requireTotals := func(pool uint64, want ...uint64) {
		t.Helper()
		got, err := w.Keeper.PoolTotals(w.Ctx, pool)
		require.NoError(t, err)
		require.Equal(t, want, []uint64{got.Records, got.Rows.Uint64(), got.Batches.Uint64(), got.SingleRowRecords})
		require.NoError(t, w.Keeper.Invariants(w.Ctx))
	}
	requireTotals(w.pool, 1, 100, 1, 0) // one record is active, one waits for review

	open := w.CreatePool(t, "OPEN", func(m *datapooltypes.MsgCreatePool) {
		m.Requirements.OpenAdmission, m.Requirements.MinRows = true, 0
	})
	requireTotals(open, 0, 0, 0, 0)
	register := func(name string, rows uint64) string {
		m := w.RegisterMsg(t, "owner", name, open, w.worker)
		m.Content.Commitment.Rows = rows
		res, err := w.Msg.RegisterRecord(w.Ctx, m)
		require.NoError(t, err)
		return res.RecordId
	}
	one := register("one row", 1)
	requireTotals(open, 1, 1, 1, 1)
	many := register("many rows", 1_025)
	requireTotals(open, 2, 1_026, 3, 1)
	requireTotals(w.pool, 1, 100, 1, 0) // another pool is another matter

	add := &types.MsgAddVersion{
		Owner: w.Named("owner"), RecordId: one, Content: testutil.Content(t, one, testutil.Account("owner"), "1.1.0", "more", w.worker),
	}
	add.Content.Commitment.Rows = 2_048
	_, err := w.Msg.AddVersion(w.Ctx, add)
	require.NoError(t, err)
	requireTotals(open, 2, 3_073, 4, 0)

	for _, id := range []string{many, one} {
		_, err := w.Msg.RetireRecord(w.Ctx, &types.MsgRetireRecord{Owner: w.Named("owner"), RecordId: id})
		require.NoError(t, err)
		require.NoError(t, w.Keeper.Invariants(w.Ctx))
	}
	requireTotals(open, 0, 0, 0, 0)
	_, err = w.Msg.RetireRecord(w.Ctx, &types.MsgRetireRecord{Owner: w.Named("owner"), RecordId: w.pending})
	require.NoError(t, err)
	requireTotals(w.pool, 1, 100, 1, 0) // it was never counted
}

// Rows of more than 64 bits in all stop no admission and no retirement.
func TestPoolTotalsDoNotOverflow(t *testing.T) {
	total := types.NoTotals()
	for range 1 << 17 {
		total = total.Add(types.MaxRows)
	}
	require.Equal(t, "36893488147419103232", total.Rows.String(), "2^17 * 2^48")
	for range 1 << 17 {
		var err error
		total, err = total.Remove(types.MaxRows)
		require.NoError(t, err)
	}
	require.True(t, total.Equal(types.NoTotals()))
	_, err := total.Remove(1)
	require.ErrorIs(t, err, types.ErrInvariant)
}

// Whatever happens to records of two pools, the totals equal the sums of a walk over them, which the invariants take.
func TestPoolTotalsOfRandomLives(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		w := newWorld(t)
		pools := []uint64{w.pool, w.CreatePool(t, "OPEN", func(m *datapooltypes.MsgCreatePool) { m.Requirements.OpenAdmission = true })}
		type record struct {
			id       string
			versions int
		}
		var records []record
		content := func(id, version string) types.VersionContent {
			c := testutil.Content(t, id, testutil.Account("owner"), version, id+version, w.worker)
			c.Commitment.Rows = rapid.OneOf(rapid.Uint64Range(10, 12), rapid.Uint64Range(1_020, 1_030), rapid.Uint64Range(10, types.MaxRows)).Draw(rt, "rows")
			return c
		}
		pick := func() *record {
			if len(records) == 0 {
				rt.Skip("no record yet")
			}
			return &records[rapid.IntRange(0, len(records)-1).Draw(rt, "record")]
		}
		rt.Repeat(map[string]func(*rapid.T){
			"register": func(*rapid.T) {
				name := fmt.Sprint("record ", len(records))
				m := w.RegisterMsg(t, "owner", name, pools[rapid.IntRange(0, 1).Draw(rt, "pool")], w.worker)
				m.Content = content(types.RecordID(testutil.Account("owner"), m.Salt), "1.0.0")
				res, err := w.Msg.RegisterRecord(w.Ctx, m)
				require.NoError(rt, err)
				records = append(records, record{res.RecordId, 1})
			},
			"add a version": func(*rapid.T) {
				r := pick()
				_, err := w.Msg.AddVersion(w.Ctx, &types.MsgAddVersion{
					Owner: w.Named("owner"), RecordId: r.id, Content: content(r.id, fmt.Sprintf("1.%d.0", r.versions)),
				})
				if err == nil {
					r.versions++
				}
			},
			"review": func(*rapid.T) {
				r := pick()
				version := fmt.Sprintf("1.%d.0", rapid.IntRange(0, r.versions-1).Draw(rt, "version"))
				if rapid.IntRange(0, 3).Draw(rt, "refuse") == 0 {
					_, _ = w.Msg.RefuseVersion(w.Ctx, &types.MsgRefuseVersion{Maker: w.Named("maker"), RecordId: r.id, Version: version, Reason: "no"})
					return
				}
				_, _ = w.Msg.AdmitVersion(w.Ctx, &types.MsgAdmitVersion{Maker: w.Named("maker"), RecordId: r.id, Version: version})
			},
			"retire": func(*rapid.T) {
				_, _ = w.Msg.RetireRecord(w.Ctx, &types.MsgRetireRecord{Owner: w.Named("owner"), RecordId: pick().id})
			},
			"": func(*rapid.T) { require.NoError(rt, w.Keeper.Invariants(w.Ctx)) },
		})
	})
}
