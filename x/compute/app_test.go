package compute_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/alita-network/alita/programs"
	"github.com/alita-network/alita/terms"
	apptest "github.com/alita-network/alita/testutil/app"
	"github.com/alita-network/alita/x/compute/types"
	feemarkettypes "github.com/alita-network/alita/x/feemarket/types"
)

var author = apptest.NamedAccount("author")

// padded is a shipped program of exactly size bytes: a custom section, which
// engines skip, fills it up.
func padded(t *testing.T, size int) []byte {
	t.Helper()
	p, err := programs.ByName("moments")
	require.NoError(t, err)
	content := make([]byte, size-len(p.Code)-1-5)
	content[0] = 1 // length of the section's name
	content[1] = 'x'
	// The length of the section always takes five bytes, as LEB128 allows.
	n := uint32(len(content))
	section := []byte{0, byte(n) | 0x80, byte(n>>7) | 0x80, byte(n>>14) | 0x80, byte(n>>21) | 0x80, byte(n >> 28)}
	code := append(append(append([]byte{}, p.Code...), section...), content...)
	require.Len(t, code, size)
	return code
}

func storeMsg(code []byte) *types.MsgStoreProgram {
	return &types.MsgStoreProgram{
		Author: author.String(), Code: code, Name: "large", Kind: types.VECTOR_KIND_SUM, Bits: 63,
		Shape: types.Shape{MinColumns: 1, MaxColumns: 1, MaxLength: 1},
		Cost:  types.CostModel{Base: types.Cost{Constant: 1}},
	}
}

// The largest program that the parameters allow comes into a block within
// the highest gas limit of its kind, in one transaction; one byte more is refused.
func TestLargestProgramFitsABlock(t *testing.T) {
	chain := apptest.New(t, apptest.WithFunded(1_000_000_000, author.Name))
	size := int(types.DefaultParams().MaxCodeBytes)
	msg := storeMsg(padded(t, size))
	res := chain.NextBlock(chain.SignWithFee(author, feemarkettypes.DefaultParams().MaxProgramGas, nil, msg)).TxResults[0]
	require.True(t, res.IsOK(), res.Log)
	t.Logf("%d bytes of code: %d gas", size, res.GasUsed)
	require.Less(t, res.GasUsed, int64(feemarkettypes.DefaultParams().MaxProgramGas))
	code, err := chain.App.ComputeKeeper.Code.Get(chain.Ctx(), terms.ProgramID(msg.Code))
	require.NoError(t, err)
	require.Len(t, code, size)

	res = chain.NextBlock(chain.SignWithFee(author, feemarkettypes.DefaultParams().MaxProgramGas, nil, storeMsg(padded(t, size+1)))).TxResults[0]
	require.EqualValues(t, types.ErrInvalidCode.ABCICode(), res.Code, res.Log)
}

// A chain's genesis with another stakers_fee_ppm is taken as it is.
func TestGenesisParams(t *testing.T) {
	chain := apptest.New(t, apptest.WithGenesis(apptest.EditGenesis(types.ModuleName, func(gs *types.GenesisState) {
		gs.Params.StakersFeePpm = 123
	})))
	params, err := chain.App.ComputeKeeper.Params.Get(chain.Ctx())
	require.NoError(t, err)
	require.EqualValues(t, 123, params.StakersFeePpm)
}
