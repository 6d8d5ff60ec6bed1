package keeper_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"cosmossdk.io/math"

	"github.com/alita-network/alita/x/metadata/testutil"
	"github.com/alita-network/alita/x/metadata/types"
)

var programA, programB = strings.Repeat("a", 64), strings.Repeat("b", 64)

// Each case changes one thing of terms or request from a pair that fits; the refusal names just that.
func TestGrantTerms(t *testing.T) {
	for name, tc := range map[string]struct {
		change func(w *world, g *types.GrantTerms, r *types.GrantRequest)
		text   string // empty if it is allowed
	}{
		"fits":          {func(*world, *types.GrantTerms, *types.GrantRequest) {}, ""},
		"other program": {func(_ *world, _ *types.GrantTerms, r *types.GrantRequest) { r.ProgramID = programB }, "does not list the program"},
		"any program": {func(_ *world, g *types.GrantTerms, r *types.GrantRequest) {
			g.AnyProgram, g.Programs, r.ProgramID = true, nil, programB
		}, ""},
		"any program, individual": {func(_ *world, g *types.GrantTerms, r *types.GrantRequest) {
			g.AnyProgram, g.Programs, r.Individual = true, nil, true
		}, "allows any program, and so only sums with noise"},
		"other consumer": {func(_ *world, _ *types.GrantTerms, r *types.GrantRequest) { r.Consumer = testutil.Account("stranger") }, "is for alita1"},
		"any consumer": {func(_ *world, g *types.GrantTerms, r *types.GrantRequest) {
			g.Grantee, r.Consumer = "", testutil.Account("stranger")
		}, ""},
		"other purpose":    {func(_ *world, _ *types.GrantTerms, r *types.GrantRequest) { r.Purpose = "marketing" }, `"marketing"`},
		"no purpose":       {func(_ *world, _ *types.GrantTerms, r *types.GrantRequest) { r.Purpose = "" }, "purpose"},
		"any purpose":      {func(_ *world, g *types.GrantTerms, r *types.GrantRequest) { g.Purposes, r.Purpose = nil, "marketing" }, ""},
		"price too low":    {func(_ *world, _ *types.GrantTerms, r *types.GrantRequest) { r.PricePerMop = math.NewInt(4) }, "at least 5 ualita"},
		"no price":         {func(_ *world, _ *types.GrantTerms, r *types.GrantRequest) { r.PricePerMop = math.Int{} }, "at least 5 ualita"},
		"price higher":     {func(_ *world, _ *types.GrantTerms, r *types.GrantRequest) { r.PricePerMop = math.NewInt(6) }, ""},
		"cohort too small": {func(_ *world, _ *types.GrantTerms, r *types.GrantRequest) { r.MinCohort = 2 }, "at least 3"},
		"cohort greater":   {func(_ *world, _ *types.GrantTerms, r *types.GrantRequest) { r.MinCohort = 4 }, ""},
		"individual":       {func(_ *world, _ *types.GrantTerms, r *types.GrantRequest) { r.Individual = true }, "individual results"},
		"individual allowed": {func(_ *world, g *types.GrantTerms, r *types.GrantRequest) {
			g.IndividualResults, r.Individual = true, true
		}, ""},
		"sum where both may":  {func(_ *world, g *types.GrantTerms, _ *types.GrantRequest) { g.IndividualResults = true }, ""},
		"not yet":             {func(w *world, g *types.GrantTerms, _ *types.GrantRequest) { g.NotBefore = w.at(11 * time.Second) }, "begins at"},
		"at its first second": {func(w *world, g *types.GrantTerms, _ *types.GrantRequest) { g.NotBefore = w.at(10 * time.Second) }, ""},
		"at its last second":  {func(w *world, g *types.GrantTerms, _ *types.GrantRequest) { g.NotAfter = w.at(10 * time.Second) }, ""},
		"no longer":           {func(w *world, g *types.GrantTerms, _ *types.GrantRequest) { g.NotAfter = w.at(9 * time.Second) }, "ended at"},
		"price that needs no sum": {func(_ *world, g *types.GrantTerms, r *types.GrantRequest) {
			g.MinPricePerMop, r.PricePerMop = math.Int{}, math.Int{}
		}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			require.NoError(t, revoke("owner", 1)(w))
			terms := types.GrantTerms{
				Grantee: w.Named("consumer"), Programs: []string{programA}, Purposes: []string{"research", "teaching"},
				MinPricePerMop: math.NewInt(5), MinCohort: 3,
			}
			req := types.GrantRequest{
				Consumer: testutil.Account("consumer"), ProgramID: programA, Purpose: "teaching", PricePerMop: math.NewInt(5), MinCohort: 3,
			}
			tc.change(w, &terms, &req)
			res, err := w.Msg.Grant(w.Ctx, &types.MsgGrant{Owner: w.Named("owner"), RecordId: w.active, Terms: terms})
			require.NoError(t, err)
			require.EqualValues(t, 2, res.GrantId)
			require.Equal(t, w.Codec.MustMarshal(&types.EventGranted{RecordId: w.active, GrantId: 2, Terms: terms.Normalize()}),
				w.Codec.MustMarshal(lastEvent(t, w.Ctx, &types.EventGranted{})))
			w.NextBlock(10)
			use := func() error {
				id, err := w.Keeper.Reserve(w.Ctx, w.active, req)
				if err != nil {
					return err
				}
				return w.Keeper.Charge(w.Ctx, types.Reservation{RecordID: w.active, GrantID: id}, req.Consumer, req.ProgramID)
			}
			if tc.text != "" {
				w.requireRefused(t, use, types.ErrNotGranted, "grant 2")
				w.requireRefused(t, use, types.ErrNotGranted, tc.text)
				return
			}
			require.NoError(t, use())
			text, err := w.Address.BytesToString(req.Consumer)
			require.NoError(t, err)
			require.Equal(t, &types.EventGrantUsed{RecordId: w.active, GrantId: 2, Consumer: text, Program: req.ProgramID}, lastEvent(t, w.Ctx, &types.EventGrantUsed{}))
		})
	}
}

// TestAttackDataFeeBelowTheGrant: whoever has made Data Tokens dear, so that a job pays few of them, gets no contribution of an
// owner who asks for more.
func TestAttackDataFeeBelowTheGrant(t *testing.T) {
	w := newWorld(t)
	require.NoError(t, revoke("owner", 1)(w))
	grant := types.GrantTerms{Programs: []string{programA}, MinDataFee: math.NewInt(100)}
	_, err := w.Msg.Grant(w.Ctx, &types.MsgGrant{Owner: w.Named("owner"), RecordId: w.active, Terms: grant})
	require.NoError(t, err)
	for _, data := range []math.Int{{}, math.ZeroInt(), math.NewInt(99)} {
		w.requireRefused(t, func() error {
			_, err := w.Keeper.Reserve(w.Ctx, w.active, types.GrantRequest{Consumer: testutil.Account("consumer"), ProgramID: programA, DataPerMop: data})
			return err
		}, types.ErrNotGranted, "asks at least 100 units of the Data Token for a million operations")
	}
	_, err = w.Keeper.Reserve(w.Ctx, w.active, types.GrantRequest{Consumer: testutil.Account("consumer"), ProgramID: programA, DataPerMop: math.NewInt(100)})
	require.NoError(t, err)
}

func TestReserveNeedsAnActiveRecord(t *testing.T) {
	w := newWorld(t)
	_, err := w.Msg.Grant(w.Ctx, &types.MsgGrant{Owner: w.Named("owner"), RecordId: w.pending, Terms: types.GrantTerms{AnyProgram: true}})
	require.NoError(t, err, "an owner may grant before the review")
	use := func(id string) func() error {
		return func() error { _, err := w.Keeper.Reserve(w.Ctx, id, types.GrantRequest{}); return err }
	}
	w.requireRefused(t, use(w.pending), types.ErrRecordPending, "waits")
	w.requireRefused(t, use(w.retired), types.ErrRecordRetired, "withdrawn")
	w.requireRefused(t, use(unknownRecord), types.ErrRecordNotFound, unknownRecord)
	require.NoError(t, retire("owner", (*world).activeID, "")(w))
	w.requireRefused(t, use(w.active), types.ErrRecordRetired, "withdrawn")
	require.NoError(t, revoke("owner", 1)(w), "grants of a retired record can still be revoked")
}

// Against a model: a request is served exactly if some live grant allows it, by the first such grant, never more than
// max_uses times, and never after a revocation. Without a grant nothing is ever served.
func TestGrantsNeverAllowMore(t *testing.T) {
	consumers, programs := []string{"alice", "bob"}, []string{programA, programB}
	w := newWorld(t)
	original := w.Ctx
	rapid.Check(t, func(t *rapid.T) {
		w.Ctx, _ = original.CacheContext()
		if err := revoke("owner", 1)(w); err != nil {
			t.Fatal(err)
		}
		type known struct {
			id, uses, reserved, most uint64
			terms                    types.GrantTerms
		}
		var grants []known
		var waiting []uint64 // the grants of reservations
		for range rapid.IntRange(1, 40).Draw(t, "steps") {
			switch rapid.IntRange(0, 6).Draw(t, "kind") {
			case 0:
				terms := types.GrantTerms{
					MaxUses: rapid.Uint64Range(0, 2).Draw(t, "max"), MinPricePerMop: math.NewInt(rapid.Int64Range(0, 2).Draw(t, "price")),
					MinCohort: rapid.Uint32Range(0, 2).Draw(t, "cohort"), IndividualResults: rapid.Bool().Draw(t, "individual"),
				}
				if rapid.Bool().Draw(t, "any") {
					terms.AnyProgram, terms.IndividualResults = true, false
				} else {
					terms.Programs = []string{rapid.SampledFrom(programs).Draw(t, "program")}
				}
				if rapid.Bool().Draw(t, "grantee") {
					terms.Grantee = w.Named(rapid.SampledFrom(consumers).Draw(t, "who"))
				}
				res, err := w.Msg.Grant(w.Ctx, &types.MsgGrant{Owner: w.Named("owner"), RecordId: w.active, Terms: terms})
				if err != nil {
					t.Fatal(err)
				}
				grants = append(grants, known{id: res.GrantId, most: terms.MaxUses, terms: terms})
			case 1:
				if len(grants) == 0 {
					continue
				}
				i := rapid.IntRange(0, len(grants)-1).Draw(t, "revoked")
				if err := revoke("owner", grants[i].id)(w); err != nil {
					t.Fatal(err)
				}
				grants = append(grants[:i], grants[i+1:]...)
			case 2:
				if len(waiting) == 0 {
					continue
				}
				r := types.Reservation{RecordID: w.active, GrantID: waiting[0]}
				charged, err := rapid.Bool().Draw(t, "charged"), error(nil)
				if charged {
					err = w.Keeper.Charge(w.Ctx, r, testutil.Account("alice"), programA)
				} else {
					err = w.Keeper.Release(w.Ctx, r)
				}
				if err != nil {
					t.Fatal(err)
				}
				for i := range grants {
					if g := &grants[i]; g.id == waiting[0] {
						g.reserved--
						if charged {
							g.uses++
						}
					}
				}
				waiting = waiting[1:]
			default:
				who := rapid.SampledFrom(consumers).Draw(t, "consumer")
				req := types.GrantRequest{
					Consumer: testutil.Account(who), ProgramID: rapid.SampledFrom(programs).Draw(t, "runs"),
					PricePerMop: math.NewInt(rapid.Int64Range(0, 2).Draw(t, "pays")), MinCohort: rapid.Uint32Range(0, 2).Draw(t, "with"),
					Individual: rapid.Bool().Draw(t, "reads one"),
				}
				want := uint64(0)
				for i := range grants {
					g := &grants[i]
					if (g.terms.AnyProgram && !req.Individual || !g.terms.AnyProgram && g.terms.Programs[0] == req.ProgramID) && (g.terms.Grantee == "" || g.terms.Grantee == w.Named(who)) &&
						req.PricePerMop.GTE(g.terms.MinPricePerMop) && req.MinCohort >= g.terms.MinCohort &&
						(g.terms.IndividualResults || !req.Individual) && (g.most == 0 || g.uses+g.reserved < g.most) {
						want = g.id
						g.reserved++
						waiting = append(waiting, g.id)
						break
					}
				}
				got, err := w.Keeper.Reserve(w.Ctx, w.active, req)
				if got != want || (err == nil) != (want > 0) {
					t.Fatalf("grant %d, expected %d (%v)", got, want, err)
				}
			}
		}
		for _, g := range grants {
			stored, err := w.Keeper.RecordGrant(w.Ctx, w.active, g.id)
			if err != nil || stored.Uses != g.uses || stored.Reserved != g.reserved || g.most > 0 && stored.Uses+stored.Reserved > g.most {
				t.Fatalf("grant %d: %d uses and %d reserved of %d, expected %d and %d (%v)", g.id, stored.Uses, stored.Reserved, g.most, g.uses, g.reserved, err)
			}
		}
		if err := w.Keeper.Invariants(w.Ctx); err != nil {
			t.Fatal(fmt.Errorf("invariants: %w", err))
		}
	})
}
