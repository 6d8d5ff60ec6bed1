package programs_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/alita-network/alita/programs"
)

func TestCostOverflow(t *testing.T) {
	for _, m := range []programs.CostModel{
		{PerRow: programs.Cost{Constant: 1 << 63}},
		{PerRow: programs.Cost{PerColumn: 1 << 62}},
		{PerRow: programs.Cost{PerSlot: 1 << 61}},
		{Base: programs.Cost{Constant: 1<<64 - 1}, PerRow: programs.Cost{Constant: 1}},
	} {
		_, err := m.Operations(2, 2, 4)
		require.ErrorIs(t, err, programs.ErrOverflow, "%+v", m)
	}
	n, err := programs.CostModel{PerRow: programs.Cost{Constant: 1}}.Operations(1<<64-1, 1, 1)
	require.NoError(t, err)
	require.Equal(t, uint64(1<<64-1), n)
}

func TestShapes(t *testing.T) {
	p, err := programs.ByName("moments")
	require.NoError(t, err)
	require.NoError(t, p.Shape.Check(2, 6))
	require.ErrorIs(t, p.Shape.Check(2, 5), programs.ErrShape)
	require.ErrorIs(t, p.Shape.Check(0, 0), programs.ErrShape)
	require.ErrorIs(t, p.Shape.Check(2049, 3*2049), programs.ErrShape)
	_, err = programs.ByName("mode")
	require.ErrorIs(t, err, programs.ErrUnknown)
}
