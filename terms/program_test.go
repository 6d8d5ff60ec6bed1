package terms_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/alita-network/alita/terms"
)

func TestShape(t *testing.T) {
	follows := terms.Shape{MinColumns: 2, MaxColumns: 4, LengthConstant: 1, LengthPerColumn: 3}
	chosen := terms.Shape{MinColumns: 1, MaxColumns: 1, MaxLength: 100}
	for name, tc := range map[string]struct {
		shape           terms.Shape
		columns, length uint32
		ok              bool
	}{
		"two columns":      {follows, 2, 7, true},
		"four columns":     {follows, 4, 13, true},
		"one column":       {follows, 1, 4, false},
		"five columns":     {follows, 5, 16, false},
		"other length":     {follows, 2, 8, false},
		"no length":        {follows, 2, 0, false},
		"chosen":           {chosen, 1, 1, true},
		"chosen, greatest": {chosen, 1, 100, true},
		"chosen, none":     {chosen, 1, 0, false},
		"chosen, greater":  {chosen, 1, 101, false},
		"chosen, columns":  {chosen, 2, 1, false},
	} {
		t.Run(name, func(t *testing.T) {
			err := tc.shape.Check(tc.columns, tc.length)
			if tc.ok {
				require.NoError(t, err)
			} else {
				require.ErrorIs(t, err, terms.ErrShape)
			}
		})
	}
	require.EqualValues(t, 10, follows.Length(3))
	require.Zero(t, chosen.Length(1))
}

func TestVectorKind(t *testing.T) {
	for _, k := range []terms.VectorKind{terms.VectorSum, terms.VectorHistogram, terms.VectorOneHot} {
		got, err := terms.ParseVectorKind(k.String())
		require.NoError(t, err)
		require.Equal(t, k, got)
	}
	for _, name := range []string{"", "SUM", "mean", "kind 1"} {
		_, err := terms.ParseVectorKind(name)
		require.ErrorIs(t, err, terms.ErrVector)
	}
	require.Equal(t, "kind 9", terms.VectorKind(9).String())
}

// A one-hot vector is the answer of one row; other vectors are of any number.
func TestCheckRows(t *testing.T) {
	for _, rows := range []uint64{0, 1, 2, 1024, math.MaxUint64} {
		require.NoError(t, terms.VectorSum.CheckRows(rows))
		require.NoError(t, terms.VectorHistogram.CheckRows(rows))
		if rows == 1 {
			require.NoError(t, terms.VectorOneHot.CheckRows(rows))
		} else {
			require.ErrorIs(t, terms.VectorOneHot.CheckRows(rows), terms.ErrRows)
		}
	}
}

// Quotes count exactly the runs over records that CheckRows lets contribute.
func TestContributing(t *testing.T) {
	for _, k := range []terms.VectorKind{terms.VectorSum, terms.VectorHistogram, terms.VectorOneHot} {
		var all, want terms.Totals
		single := uint64(0)
		for _, rows := range []uint64{0, 1, 1, 2, 1023, 1024, 1025, 1} {
			add := func(t *terms.Totals) {
				t.Runs, t.Rows, t.Batches = t.Runs+1, t.Rows+rows, t.Batches+terms.Batches(rows)
			}
			add(&all)
			if rows == 1 {
				single++
			}
			if k.CheckRows(rows) == nil {
				add(&want)
			}
		}
		require.Equal(t, want, k.Contributing(all, single), k)
	}
}

func TestProgram(t *testing.T) {
	const maxColumns, maxLength = 64, 4096
	good := terms.Program{
		Kind: terms.VectorHistogram, Bits: 63, Shape: terms.Shape{MinColumns: 1, MaxColumns: 64, MaxLength: 4096},
		Cost: terms.CostModel{Base: terms.Cost{Constant: 1}},
	}
	require.NoError(t, good.Validate(maxColumns, maxLength))
	for name, tc := range map[string]struct {
		change func(p *terms.Program)
		err    error // nil if it is right
		text   string
	}{
		"sums":                   {func(p *terms.Program) { p.Kind = terms.VectorSum }, nil, ""},
		"one-hot":                {func(p *terms.Program) { p.Kind, p.Bits = terms.VectorOneHot, 1 }, nil, ""},
		"length of columns":      {func(p *terms.Program) { p.Shape.MaxLength, p.Shape.LengthPerColumn = 0, 64 }, nil, ""},
		"constant length":        {func(p *terms.Program) { p.Shape.MaxLength, p.Shape.LengthConstant = 0, 4096 }, nil, ""},
		"2^32-1 rows that fit":   {func(p *terms.Program) { p.Cost.PerRow.Constant = 1 << 32 }, nil, ""},
		"no kind":                {func(p *terms.Program) { p.Kind = 0 }, terms.ErrVector, "kind: expected sum, histogram or one_hot, got kind 0"},
		"unknown kind":           {func(p *terms.Program) { p.Kind = 4 }, terms.ErrVector, "got kind 4"},
		"no bits":                {func(p *terms.Program) { p.Bits = 0 }, terms.ErrVector, "bits: expected 1 to 63, got 0"},
		"64 bits":                {func(p *terms.Program) { p.Bits = 64 }, terms.ErrVector, "bits: expected 1 to 63, got 64"},
		"wide one-hot":           {func(p *terms.Program) { p.Kind, p.Bits = terms.VectorOneHot, 2 }, terms.ErrVector, "bits: expected 1 for one_hot"},
		"rows":                   {func(p *terms.Program) { p.Row = true }, nil, ""},
		"one-hot rows":           {func(p *terms.Program) { p.Kind, p.Bits, p.Row = terms.VectorOneHot, 1, true }, terms.ErrVector, "kind of a row program: expected sum or histogram"},
		"no columns":             {func(p *terms.Program) { p.Shape.MinColumns = 0 }, terms.ErrShape, "columns: expected 1 to 64"},
		"columns the wrong way":  {func(p *terms.Program) { p.Shape.MinColumns, p.Shape.MaxColumns = 2, 1 }, terms.ErrShape, "the smaller first, got 2 to 1"},
		"65 columns":             {func(p *terms.Program) { p.Shape.MaxColumns = 65 }, terms.ErrShape, "got 1 to 65"},
		"no length":              {func(p *terms.Program) { p.Shape.MaxLength = 0 }, terms.ErrShape, "max_length: expected 1 to 4096"},
		"long":                   {func(p *terms.Program) { p.Shape.MaxLength = 4097 }, terms.ErrShape, "got 4097"},
		"two lengths":            {func(p *terms.Program) { p.Shape.LengthConstant = 1 }, terms.ErrShape, "max_length: expected 0"},
		"long at 64 columns":     {func(p *terms.Program) { p.Shape.MaxLength, p.Shape.LengthPerColumn = 0, 65 }, terms.ErrShape, "length at 64 columns: expected at most 4096, got 4160"},
		"length that would wrap": {func(p *terms.Program) { p.Shape.MaxLength, p.Shape.LengthPerColumn = 0, 1<<26 }, terms.ErrShape, "got 4294967296"},
		"nothing to pay":         {func(p *terms.Program) { p.Cost = terms.CostModel{PerRow: terms.Cost{Constant: 1}} }, terms.ErrCost, "base: expected at least 1 operation"},
		"2^32-1 rows beyond":     {func(p *terms.Program) { p.Cost.PerRow.Constant = 1<<32 + 2 }, terms.ErrOverflow, "greatest shape"},
		"base beyond":            {func(p *terms.Program) { p.Cost.Base.PerColumn = math.MaxUint64 }, terms.ErrOverflow, "smallest shape"},
		"slots beyond":           {func(p *terms.Program) { p.Cost.Base.PerSlot = 1 << 52 }, terms.ErrOverflow, "greatest shape"},
		"columns beyond":         {func(p *terms.Program) { p.Cost.PerBatch.PerColumn = 1 << 40 }, terms.ErrOverflow, "greatest shape"},
		"coefficient of no rows": {func(p *terms.Program) { p.Cost.PerRow.PerSlot = math.MaxUint64 }, terms.ErrOverflow, "greatest shape"},
	} {
		p := good
		tc.change(&p)
		err := p.Validate(maxColumns, maxLength)
		if tc.err == nil {
			require.NoError(t, err, name)
			continue
		}
		require.ErrorIs(t, err, tc.err, name)
		require.ErrorContains(t, err, tc.text, name)
	}
}

func TestProgramID(t *testing.T) {
	// SHA-256 of "abc", FIPS 180-4.
	require.Equal(t, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", terms.ProgramID([]byte("abc")))
}
