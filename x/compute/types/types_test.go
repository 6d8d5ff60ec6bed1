package types_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"cosmossdk.io/math"

	"github.com/cosmos/cosmos-sdk/codec"
	codectypes "github.com/cosmos/cosmos-sdk/codec/types"
	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/alita-network/alita/terms"
	"github.com/alita-network/alita/x/compute/types"
)

// The worked example of README.md: what a client in any language must get.
func TestJobID(t *testing.T) {
	consumer := sdk.AccAddress(strings.Repeat("\x01", 20))
	id := types.JobID(consumer, make([]byte, types.SaltSize))
	require.Equal(t, "515f36278891306d6dca971118edba14", id)
	require.NoError(t, types.ValidateJobID(id))
	require.NotEqual(t, id, types.JobID(consumer, append(make([]byte, 15), 1)))
	// Lengths are part of what is hashed.
	require.NotEqual(t, types.JobID(consumer, []byte{2}), types.JobID(append(consumer, 2), nil))
}

func TestIDs(t *testing.T) {
	for _, id := range []string{"", "0", strings.Repeat("0", 31), strings.Repeat("0", 33), strings.Repeat("A", 32), strings.Repeat("g", 32)} {
		require.ErrorIs(t, types.ValidateJobID(id), types.ErrInvalidJob)
		require.ErrorIs(t, types.ValidateRecordID(id), types.ErrInvalidAttestation)
	}
	require.ErrorIs(t, types.ValidateProgramID(strings.Repeat("0", 63)), types.ErrInvalidProgram)
	require.NoError(t, types.ValidateProgramID(strings.Repeat("0", 64)))
	// SHA-256 of "abc", FIPS 180-4.
	require.Equal(t, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", terms.ProgramID([]byte("abc")))
}

// The kinds of terms have the numbers of the interface.
func TestVectorKinds(t *testing.T) {
	for kind, name := range types.VectorKind_name {
		k, err := terms.ParseVectorKind(strings.ToLower(strings.TrimPrefix(name, "VECTOR_KIND_")))
		if kind == int32(types.VECTOR_KIND_UNSPECIFIED) {
			require.Error(t, err)
			continue
		}
		require.NoError(t, err)
		require.EqualValues(t, kind, k)
	}
}

// The errors of package terms have the codes of the module.
func TestCodes(t *testing.T) {
	program := types.Program{
		Name: "name", Kind: types.VECTOR_KIND_ONE_HOT, Bits: 1,
		Shape: types.Shape{MinColumns: 1, MaxColumns: 2, MaxLength: 100}, Cost: types.CostModel{Base: types.Cost{Constant: 1}},
	}
	params := types.DefaultParams()
	require.NoError(t, program.Validate(params))
	wide := program
	wide.Bits = 2
	require.ErrorIs(t, wide.Validate(params), types.ErrInvalidProgram)
	dear := program
	dear.Cost.PerRow.Constant = 1 << 33
	require.ErrorIs(t, dear.Validate(params), types.ErrOverflow)
	require.ErrorIs(t, program.Shape.Check(3, 1), types.ErrInvalidShape)
	require.NoError(t, program.Shape.Check(2, 100))
	require.ErrorIs(t, program.CheckRows(0), types.ErrWrongRecord)
	require.NoError(t, program.CheckRows(1))
	_, err := dear.Cost.Operations(1<<33, 1, 1)
	require.ErrorIs(t, err, types.ErrOverflow)
	_, err = types.Fees(1<<63, math.NewInt(1<<62).MulRaw(1<<62), math.NewInt(1))
	require.ErrorIs(t, err, types.ErrOverflow)
}

func TestParams(t *testing.T) {
	require.NoError(t, types.DefaultParams().Validate())
	for name, spoil := range map[string]func(p *types.Params){
		"no code":          func(p *types.Params) { p.MaxCodeBytes = 0 },
		"4 MiB and a byte": func(p *types.Params) { p.MaxCodeBytes = 4<<20 + 1 },
		"input":            func(p *types.Params) { p.MaxInputBytes = 65537 },
		"no vector":        func(p *types.Params) { p.MaxVectorLength = 0 },
		"vector":           func(p *types.Params) { p.MaxVectorLength = 8193 },
		"no cohort":        func(p *types.Params) { p.MaxCohort = 0 },
		"cohort":           func(p *types.Params) { p.MaxCohort = 10_001 },
		"no phase":         func(p *types.Params) { p.MaxPhaseBlocks = 0 },
		"phase":            func(p *types.Params) { p.MaxPhaseBlocks = 1<<32 - 1 },
		"all to stakers":   func(p *types.Params) { p.StakersFeePpm = 500_001 },
		"no jobs":          func(p *types.Params) { p.MaxJobsPerBlock = 0 },
		"jobs":             func(p *types.Params) { p.MaxJobsPerBlock = 301 },
		"no payments":      func(p *types.Params) { p.MaxPaymentsPerBlock = 0 },
		"no window":        func(p *types.Params) { p.MinWindowBlocks = 1 },
		"window":           func(p *types.Params) { p.MinWindowBlocks = 1001 },
		"window, phase":    func(p *types.Params) { p.MaxPhaseBlocks = 29 },
		"short job":        func(p *types.Params) { p.MaxJobBlocks = 999 },
		"job":              func(p *types.Params) { p.MaxJobBlocks = 100_000_001 },
		"no draw fee":      func(p *types.Params) { p.DrawFee = math.Int{} },
		"negative fee":     func(p *types.Params) { p.DrawFee = math.NewInt(-1) },
		"draw fee":         func(p *types.Params) { p.DrawFee = math.NewInt(1_000_000_000_001) },
		"payments":         func(p *types.Params) { p.MaxPaymentsPerBlock = 1001 },
		"rounds":           func(p *types.Params) { p.MaxRounds = 33 },
	} {
		t.Run(name, func(t *testing.T) {
			p := types.DefaultParams()
			spoil(&p)
			require.ErrorIs(t, p.Validate(), types.ErrInvalidParams)
		})
	}
}

// Amounts of zero are left out of the coins.
func TestFundsCoins(t *testing.T) {
	require.Equal(t, "4data/9,3ualita", types.NewFunds(3, 4).Coins(9).String())
	require.Equal(t, "3ualita", types.NewFunds(3, 0).Coins(9).String())
	require.Empty(t, types.ZeroFunds().Coins(9))
	require.True(t, types.NewFunds(3, 4).Covers(types.NewFunds(3, 4)))
	require.False(t, types.NewFunds(3, 4).Covers(types.NewFunds(3, 5)))
	require.False(t, types.NewFunds(3, 4).Covers(types.NewFunds(4, 4)))
}

// Hardware wallets sign amino JSON; a message without a name would not do, and
// names of more than 39 characters panic.
func TestAminoNames(t *testing.T) {
	amino := codec.NewLegacyAmino()
	types.RegisterLegacyAminoCodec(amino)
	types.RegisterInterfaces(codectypes.NewInterfaceRegistry())
	for want, msg := range map[string]sdk.Msg{
		"alita/compute/MsgStoreProgram":   &types.MsgStoreProgram{},
		"alita/compute/MsgOpenJob":        &types.MsgOpenJob{},
		"alita/compute/MsgCancelJob":      &types.MsgCancelJob{},
		"alita/compute/MsgContribute":     &types.MsgContribute{},
		"alita/compute/MsgDeliver":        &types.MsgDeliver{},
		"alita/x/compute/MsgUpdateParams": &types.MsgUpdateParams{},
	} {
		bz, err := amino.MarshalJSON(msg)
		require.NoError(t, err)
		require.Contains(t, string(bz), want)
	}
}

// The work of seats is rounded up, and does not overflow at the bounds of every parameter.
func TestSeatWork(t *testing.T) {
	params := types.DefaultParams()
	for _, tc := range []struct {
		contributions uint32
		size, slots   int
		want          int64
	}{
		{0, 8_112, 3, 2},
		{1, 1, 1, 2},
		// A message has 77 answers of 100,004 gas, 58 of 132,448, 40 of 191,264, 19 of 397,088, 12 of 624,288; or one.
		{77, 1, 1, 2},
		{78, 1, 1, 4},
		{1_000, 8_112, 3, 36},
		{1_000, 22_816, 1_024, 50},
		{1_000, 74_272, 4_096, 106},
		{1_000, 128 << 10, 473, 168},
		{12, 128 << 10, 473, 2},
		{13, 128 << 10, 473, 4},
		{24, 1, 4_096, 2},
		{25, 1, 4_096, 3},
		{1<<32 - 1, 1 << 20, 8_192, 2 * (1<<32 - 1)},
		{1<<32 - 1, 1, 1 << 16, 5_726_623_060},
	} {
		require.Equal(t, tc.want, params.SeatWork(types.SeatLoad{Count: tc.contributions, Bytes: tc.size, Slots: tc.slots}), "%d of %d bytes and %d slots", tc.contributions, tc.size, tc.slots)
	}
	for bytes, valid := range map[uint32]bool{64<<10 - 1: false, 64 << 10: true, 1 << 30: true, 1<<30 + 1: false} {
		params.SeatBytesPerBlock = bytes
		require.Equal(t, valid, params.Validate() == nil, "%d", bytes)
	}
}

// The windows of a secure sum add up over its rounds. After the last round there is no wait for an input.
func TestSecureBlocks(t *testing.T) {
	spec := types.JobSpec{ContributeBlocks: 100, Secure: &types.SecureSum{SeatBlocks: 7, VerifyBlocks: 20, OpenBlocks: 30, NextBlocks: 1000, Rounds: 1}}
	require.EqualValues(t, 7+100+40+60, spec.SecureBlocks())
	spec.Secure.Rounds = 3
	require.EqualValues(t, 7+3*(100+40+60)+2*1000, spec.SecureBlocks())
	const most = 1<<32 - 1
	*spec.Secure = types.SecureSum{SeatBlocks: most, VerifyBlocks: most, OpenBlocks: most, NextBlocks: most, Rounds: 64}
	spec.ContributeBlocks = most
	require.EqualValues(t, uint64(most)*(1+64*5+63), spec.SecureBlocks(), "nothing overflows")
	spec.Secure = nil
	require.Zero(t, spec.SecureBlocks())
}
