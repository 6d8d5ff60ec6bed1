package consumer

import (
	"testing"

	"github.com/stretchr/testify/require"

	"cosmossdk.io/math"

	"github.com/alita-network/alita/x/compute/types"
)

// TestBoundOfThePrice: a job opens at no more than 2 % above the price of its quote.
func TestBoundOfThePrice(t *testing.T) {
	for _, tc := range []struct {
		price, most int64
		means       []int64
		unsettled   bool
	}{
		{price: 1000, most: 1021, means: []int64{1000, 990, 960}},
		{price: 1000, most: 1021, means: []int64{1000, 1000, 952}, unsettled: true}, // 1000 > 952*1.05
		{price: 1000, most: 1021, means: []int64{953, 1000, 953}},
		{price: 0, most: 1, means: []int64{0, 0, 0}},
	} {
		d, q := draft{}, Quote{}
		costs := types.QueryQuoteJobResponse{DataPerAlita: math.NewInt(tc.price)}
		for _, m := range tc.means {
			costs.DataPerAlitaMeans = append(costs.DataPerAlitaMeans, math.NewInt(m))
		}
		require.NoError(t, d.boundPrice(&q, costs))
		require.EqualValues(t, tc.most, d.spec.MaxDataPerAlita.Int64())
		require.EqualValues(t, tc.price, q.DataPerAlita.Int64())
		require.Equal(t, tc.unsettled, q.Unsettled(), "%v", tc.means)
	}
	for _, price := range []math.Int{{}, math.NewInt(-1)} {
		require.ErrorIs(t, (&draft{}).boundPrice(&Quote{}, types.QueryQuoteJobResponse{DataPerAlita: price}), ErrNode)
		require.ErrorIs(t, (&draft{}).boundPrice(&Quote{}, types.QueryQuoteJobResponse{DataPerAlita: math.OneInt(), DataPerAlitaMeans: []math.Int{price}}), ErrNode)
	}
}
