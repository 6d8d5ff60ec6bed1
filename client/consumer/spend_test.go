package consumer_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"cosmossdk.io/math"

	"github.com/alita-network/alita/client/consumer"
	"github.com/alita-network/alita/x/compute/types"
)

// A node that shows a hundred times the rows, or a seat's fee of its liking, does not get at the reader's ALITA.
func TestAttackNodeNamesTheBudget(t *testing.T) {
	quote := func(budget, draw int64) *consumer.Quote {
		return &consumer.Quote{
			Spec: types.JobSpec{Budget: types.Funds{Alita: math.NewInt(budget), Data: math.ZeroInt()}}, DrawFee: math.NewInt(draw), Records: 3, Rows: 9,
		}
	}
	const bound = consumer.DefaultMaxSpend
	for name, tc := range map[string]struct {
		request consumer.Request
		quote   *consumer.Quote
		refused bool
	}{
		"as much as the bound":     {consumer.Request{}, quote(bound-5, 5), false},
		"one more":                 {consumer.Request{}, quote(bound-4, 5), true},
		"a whole purse":            {consumer.Request{}, quote(800_000_000_000, 0), true},
		"a draw fee alone":         {consumer.Request{Budget: math.NewInt(7)}, quote(7, bound+1), true},
		"the reader's own budget":  {consumer.Request{Budget: math.NewInt(bound * 9)}, quote(bound*9, 5), false},
		"the reader's own bound":   {consumer.Request{MaxSpend: math.NewInt(bound * 2)}, quote(bound+1, 5), false},
		"the reader's lower bound": {consumer.Request{MaxSpend: math.NewInt(10)}, quote(10, 1), true},
	} {
		t.Run(name, func(t *testing.T) {
			err := tc.request.CheckSpend(tc.quote)
			if !tc.refused {
				require.NoError(t, err)
				return
			}
			var field *consumer.FieldError
			require.ErrorAs(t, err, &field)
			require.Equal(t, "max-spend", field.Field)
			require.ErrorContains(t, err, "for 3 records with 9 rows")
		})
	}
}
