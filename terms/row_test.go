package terms_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/alita-network/alita/metering"
	"github.com/alita-network/alita/terms"
)

func rowProgram() terms.Program {
	return terms.Program{
		Kind: terms.VectorSum, Bits: 63, Shape: terms.Shape{MinColumns: 1, MaxColumns: 4, LengthConstant: 1, LengthPerColumn: 3},
		Cost: terms.CostModel{Base: terms.Cost{Constant: 1}, PerRow: terms.Cost{Constant: 70, PerColumn: 20, PerSlot: 33}},
	}
}

func TestRowOperations(t *testing.T) {
	p := rowProgram()
	base, row, err := p.Cost.RowOperations(2, 7)
	require.NoError(t, err)
	require.EqualValues(t, 1, base)
	require.EqualValues(t, 70+40+7*33, row)
	all, err := p.Cost.Operations(5000, 2, 7)
	require.NoError(t, err)
	require.Equal(t, base+5000*row, all)
	for _, m := range []terms.CostModel{{Base: terms.Cost{PerSlot: 1 << 63}}, {PerRow: terms.Cost{PerSlot: 1 << 63}}} {
		_, _, err = m.RowOperations(1, 2)
		require.ErrorIs(t, err, terms.ErrOverflow)
	}
}

// The host's work for a row of k columns and L slots costs 64 + 2 k + 32 L.
func TestValidateRow(t *testing.T) {
	form := metering.RowForm{Base: metering.RowWindow, Largest: 128} // 16 slots
	require.NoError(t, rowProgram().ValidateRow(form))
	for _, tc := range []struct {
		name   string
		change func(p *terms.Program)
		cause  error
		text   string
	}{
		{"batches", func(p *terms.Program) { p.Cost.PerBatch.PerSlot = 1 }, terms.ErrCost, "per_batch of a row program: expected 0"},
		{"long vector", func(p *terms.Program) { p.Shape.MaxColumns = 6 }, terms.ErrShape, "expected at most 16, the room in its window, got 19"},
		{"longest choice", func(p *terms.Program) { p.Shape = terms.Shape{MinColumns: 1, MaxColumns: 1, MaxLength: 17} }, terms.ErrShape, "got 17"},
		{
			"overhead alone", func(p *terms.Program) { p.Cost.PerRow = terms.Cost{Constant: 64, PerColumn: 2, PerSlot: 32} },
			terms.ErrCost, "with 1 columns and 4 slots: expected 194, which",
		},
		{"too little per slot", func(p *terms.Program) { p.Cost.PerRow = terms.Cost{Constant: 400} }, terms.ErrCost, "with 4 columns and 13 slots: expected 488, which"},
		{"too much", func(p *terms.Program) { p.Cost.PerRow.Constant = 1 << 62 }, terms.ErrCost, "at most 4611686018427387903"},
		{"overflow", func(p *terms.Program) { p.Cost.PerRow.PerSlot = 1 << 62 }, terms.ErrOverflow, "expected below 2^64"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			p := rowProgram()
			tc.change(&p)
			err := p.ValidateRow(form)
			require.ErrorIs(t, err, tc.cause)
			require.ErrorContains(t, err, tc.text)
		})
	}
}
