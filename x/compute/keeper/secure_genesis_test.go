package keeper_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/alita-network/alita/x/compute/types"
)

// TestSecureGenesisRoundTrip exports a secure sum in each of its phases, loads it into a new store and lets both go on: they
// end in the same state.
func TestSecureGenesisRoundTrip(t *testing.T) {
	phases := map[types.JobStatus]func(f *secureFixture) string{
		types.JOB_STATUS_SEATING: func(f *secureFixture) string {
			id := f.open(f.consumer, 1, f.secureSpec())
			f.endBlocks(2)
			f.takeSeats(id, f.job(id).Seats[0].Operator)
			return id
		},
		types.JOB_STATUS_CONTRIBUTING: func(f *secureFixture) string {
			id := f.open(f.consumer, 1, f.secureSpec())
			f.endBlocks(2)
			f.takeSeats(id)
			f.endBlock()
			f.contributeAll(id)
			return id
		},
		types.JOB_STATUS_VERIFYING: func(f *secureFixture) string {
			id := f.toVerifying(f.secureSpec())
			_, err := f.msg.Prepare(f.ctx, f.preparations(id, 0))
			require.NoError(f.t, err)
			return id
		},
		types.JOB_STATUS_CONTESTING: func(f *secureFixture) string {
			id := f.toVerifying(f.secureSpec())
			for i := range 3 {
				msg := f.preparations(id, i)
				if i == 1 {
					msg.Preparations[0].Share = nil
				}
				_, err := f.msg.Prepare(f.ctx, msg)
				require.NoError(f.t, err)
			}
			f.endBlock()
			return id
		},
		types.JOB_STATUS_AGGREGATING: func(f *secureFixture) string {
			id := f.toVerifying(f.secureSpec())
			f.prepareAll(id)
			f.endBlock()
			_, err := f.msg.OpenSum(f.ctx, f.openMsg(id, 1, f.opening(id, 1)))
			require.NoError(f.t, err)
			return id
		},
		types.JOB_STATUS_READING: func(f *secureFixture) string {
			id := f.toVerifying(f.secureSpec())
			f.prepareAll(id)
			f.endBlock()
			f.openAll(id)
			f.endBlock()
			return id
		},
		types.JOB_STATUS_WAITING: func(f *secureFixture) string {
			spec := f.secureSpec()
			spec.Secure.Rounds, spec.Secure.NextBlocks = 3, 7
			id := f.toVerifying(spec)
			f.prepareAll(id)
			f.endBlock()
			f.openAll(id)
			f.endBlocks(7)
			return id
		},
	}
	phases[types.JOB_STATUS_SETTLING] = settling
	for status, reach := range phases {
		t.Run(status.String(), func(t *testing.T) {
			f := newSecureFixture(t, 5, 3)
			id := reach(f)
			require.Equal(t, status, f.job(id).Status)
			_, err := f.msg.LeaveSeat(f.ctx, &types.MsgLeaveSeat{Operator: bech(f.operators[4])})
			require.NoError(t, err)
			g := restarted(t, f.fixture)
			for range 40 {
				a, err := f.keeper.ExportGenesis(f.ctx)
				require.NoError(t, err)
				b, err := g.keeper.ExportGenesis(g.ctx)
				require.NoError(t, err)
				require.Equal(t, string(f.cdc.MustMarshalJSON(a)), string(f.cdc.MustMarshalJSON(b)))
				f.endBlock()
				g.endBlock()
			}
			require.False(t, f.job(id).Open())
		})
	}
}

// settling brings a secure sum to the state in which one of its contributions is paid.
func settling(f *secureFixture) string {
	params, err := f.keeper.Params.Get(f.ctx)
	require.NoError(f.t, err)
	params.MaxPaymentsPerBlock = 1
	require.NoError(f.t, f.keeper.Params.Set(f.ctx, params))
	spec := f.secureSpec()
	spec.Secure.PublicResult = true
	id := f.toVerifying(spec)
	f.prepareAll(id)
	f.endBlock()
	f.openAll(id)
	f.endBlock()
	return id
}

// TestSecureGenesisRefuses loads states with which a job could never go on.
func TestSecureGenesisRefuses(t *testing.T) {
	verifying := func(f *secureFixture) string {
		id := f.toVerifying(f.secureSpec())
		_, err := f.msg.Prepare(f.ctx, f.preparations(id, 0))
		require.NoError(f.t, err)
		return id
	}
	aggregating := func(f *secureFixture) string {
		id := f.toVerifying(f.secureSpec())
		f.prepareAll(id)
		f.endBlock()
		_, err := f.msg.OpenSum(f.ctx, f.openMsg(id, 1, f.opening(id, 1)))
		require.NoError(f.t, err)
		return id
	}
	reading := func(f *secureFixture) string {
		id := f.toVerifying(f.secureSpec())
		f.prepareAll(id)
		f.endBlock()
		f.openAll(id)
		f.endBlock()
		return id
	}
	for name, tc := range map[string]struct {
		reach func(f *secureFixture) string
		spoil func(gs *types.GenesisState)
	}{
		"no seats":              {verifying, func(gs *types.GenesisState) { gs.Jobs[0].Seats = nil }},
		"a seat without a key":  {verifying, func(gs *types.GenesisState) { gs.Jobs[0].Seats[1].Key = nil }},
		"a key that is none":    {verifying, func(gs *types.GenesisState) { gs.Jobs[0].Seats[1].Key[5] ^= 0xff }},
		"a seat twice":          {verifying, func(gs *types.GenesisState) { gs.Jobs[0].Seats[1] = gs.Jobs[0].Seats[0] }},
		"a seat unknown":        {verifying, func(gs *types.GenesisState) { gs.Seats = gs.Seats[1:] }},
		"a seat without an end": {verifying, func(gs *types.GenesisState) { gs.Seats[0].LeavingHeight = -1 }},
		"a time of nobody":      {verifying, func(gs *types.GenesisState) { gs.SeatTimes[0].Operator = "x" }},
		"a time twice":          {verifying, func(gs *types.GenesisState) { gs.SeatTimes[1] = gs.SeatTimes[0] }},
		"a time of no height":   {verifying, func(gs *types.GenesisState) { gs.SeatTimes[0].Height = 0 }},
		"a seat in no job":      {verifying, func(gs *types.GenesisState) { gs.Seats[0].Jobs++ }},
		"a bond that is not":    {verifying, func(gs *types.GenesisState) { gs.Seats[0].Bond.Amount = gs.Seats[0].Bond.Amount.MulRaw(2) }},
		"an account of two":     {verifying, func(gs *types.GenesisState) { gs.Seats[0].Account = gs.Seats[1].Account }},
		"round 0":               {verifying, func(gs *types.GenesisState) { gs.Jobs[0].Round = 0 }},
		"attempt 0":             {verifying, func(gs *types.GenesisState) { gs.Jobs[0].Attempt = 0 }},
		"a later round":         {verifying, func(gs *types.GenesisState) { gs.Jobs[0].Round = 2 }},
		"no verify key":         {verifying, func(gs *types.GenesisState) { gs.Jobs[0].VerifyKey = nil }},
		"no shares":             {verifying, func(gs *types.GenesisState) { gs.Contributions[0].Shared = nil }},
		"short shares":          {verifying, func(gs *types.GenesisState) { gs.Contributions[0].Shared.PublicShare = nil }},
		"no preparation":        {verifying, func(gs *types.GenesisState) { gs.Contributions[0].Preparations = nil }},
		"short preparation":     {verifying, func(gs *types.GenesisState) { gs.Contributions[0].Preparations[0] = []byte{1} }},
		"a seat that is none":   {verifying, func(gs *types.GenesisState) { gs.Contributions[0].Contribution.Prepared |= 1 << 9 }},
		"refused, not judged":   {verifying, func(gs *types.GenesisState) { gs.Contributions[0].Contribution.Refused = 2 }},
		"judged too many":       {verifying, func(gs *types.GenesisState) { gs.Jobs[0].Seats[0].Prepared++ }},
		"valid, not counted":    {verifying, func(gs *types.GenesisState) { gs.Jobs[0].Valid++ }},
		"judged, not counted":   {verifying, func(gs *types.GenesisState) { gs.Jobs[0].Judged++ }},
		"no mark of an owner":   {verifying, func(gs *types.GenesisState) { gs.Owners = nil }},
		"a mark twice":          {verifying, func(gs *types.GenesisState) { gs.Owners = append(gs.Owners, gs.Owners[0]) }},
		"another mark":          {verifying, func(gs *types.GenesisState) { gs.Owners[0].Attempt += 2 }},
		"sums too early": {verifying, func(gs *types.GenesisState) {
			gs.Rounds = []types.GenesisRound{{JobId: gs.Jobs[0].Id, Opened: []types.OpenedSum{{Sum: []byte{1}}}}}
		}},
		"no commitment": {aggregating, func(gs *types.GenesisState) { gs.Jobs[0].Seats[0].Commitment = nil }},
		"a commitment that is no point": {aggregating, func(gs *types.GenesisState) {
			for i := range gs.Jobs[0].Seats[0].Commitment {
				gs.Jobs[0].Seats[0].Commitment[i] = 0xff
			}
		}},
		"no message":            {aggregating, func(gs *types.GenesisState) { gs.Contributions[0].Message = nil }},
		"a sum is missing":      {aggregating, func(gs *types.GenesisState) { gs.Rounds = nil }},
		"a sum of no seat":      {aggregating, func(gs *types.GenesisState) { gs.Jobs[0].Seats[1].Status = types.SEAT_STATUS_SEATED }},
		"no sums":               {reading, func(gs *types.GenesisState) { gs.Rounds = nil }},
		"a sum too few":         {reading, func(gs *types.GenesisState) { gs.Rounds[0].Sums.Sums = gs.Rounds[0].Sums.Sums[1:] }},
		"sums twice":            {reading, func(gs *types.GenesisState) { gs.Rounds = append(gs.Rounds, gs.Rounds[0]) }},
		"sums of a later round": {reading, func(gs *types.GenesisState) { gs.Rounds[0].Sums.Round = 2 }},
		"two seats, an account": {verifying, func(gs *types.GenesisState) { gs.Jobs[0].Seats[1].Account = gs.Jobs[0].Seats[0].Account }},
		"more are paid":         {settling, func(gs *types.GenesisState) { gs.Jobs[0].Valid = 1 << 20 }},
		"seats are paid more":   {settling, func(gs *types.GenesisState) { gs.Jobs[0].Seats[0].Fee = gs.Jobs[0].Spec.Budget.Alita }},
		"paid to nobody":        {settling, func(gs *types.GenesisState) { gs.Jobs[0].Paid = gs.Jobs[0].Paid.Add(types.NewFunds(1, 0)) }},
		"reserved for nobody":   {settling, func(gs *types.GenesisState) { gs.Jobs[0].Reserved = gs.Jobs[0].Reserved.Add(types.NewFunds(1, 0)) }},
		"sums of no job":        {reading, func(gs *types.GenesisState) { gs.Rounds[0].JobId = "00" }},
	} {
		t.Run(name, func(t *testing.T) {
			f := newSecureFixture(t, 3, 3)
			tc.reach(f)
			gs, err := f.keeper.ExportGenesis(f.ctx)
			require.NoError(t, err)
			load := func(gs *types.GenesisState) error {
				g := newEmptyFixture(t)
				g.takeOver(f.fixture)
				return g.keeper.InitGenesis(g.ctx, *gs)
			}
			raw := f.cdc.MustMarshalJSON(gs)
			var good, bad types.GenesisState
			f.cdc.MustUnmarshalJSON(raw, &good)
			f.cdc.MustUnmarshalJSON(raw, &bad)
			require.NoError(t, load(&good))
			tc.spoil(&bad)
			err = load(&bad)
			require.Error(t, err)
			requireGrammar(t, err)
		})
	}
}
