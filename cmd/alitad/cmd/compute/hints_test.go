package compute_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/alita-network/alita/client/consumer"
	"github.com/alita-network/alita/cmd/alitad/cmd/compute"
	datapooltypes "github.com/alita-network/alita/x/datapool/types"
)

// Errors of the library name no flags; the command does.
func TestHints(t *testing.T) {
	unfinished := &consumer.UnfinishedError{JobID: "0a", Err: fmt.Errorf("%w: %w", consumer.ErrInterrupted, context.Canceled)}
	for want, err := range map[string]error{
		"--panels: expected at least one in a sum without noise, got none; ask with --noise, or name panels": &consumer.FieldError{Field: "panels", Err: consumer.ErrNoPanels},
		"--rounds: expected 1": &consumer.FieldError{Field: "rounds", Err: fmt.Errorf("expected 1")},
		"interrupted: context canceled; go on with `alitad compute result 0a`":                                  unfinished,
		"x: the node's answer contradicts itself; ask another one with --node":                                  fmt.Errorf("x: %w", consumer.ErrNode),
		"and nothing was sent; ask a third one with --check-node":                                               consumer.ErrNodesDiffer,
		"the price of the Data Token has moved since the quote: x; nothing is in escrow: run the command again": fmt.Errorf("%w: x", consumer.ErrPriceMoved),
		"ask for fewer columns, bins or --seats, or give smaller --bits or --max-rows":                          consumer.ErrTooLarge,
		"--seats: 3 of them; `alitad query compute seats` lists the seats":                                      fmt.Errorf("%w: 3 of them", consumer.ErrSeats),
		`column "sex" of pool 7 holds texts, and programs read numbers: expected the texts that are to count as 0, 1 and so on, as in --labels 'sex=A,B', got none`: &consumer.LabelsError{
			Column: "sex", PoolID: 7, Holds: "texts", Labels: []string{"A", "B"},
		},
	} {
		require.ErrorContains(t, compute.Hinted(err), want)
		require.NoError(t, compute.Hinted(nil))
	}
}

func TestBalanceHint(t *testing.T) {
	pool := datapooltypes.Pool{Id: 3, Symbol: "SPEED", DataDenom: "data/3"}
	err := &consumer.BalanceError{Account: "ada", Has: sdk.NewInt64Coin("data/3", 500_000), Needs: sdk.NewInt64Coin("data/3", 2_000_000)}
	require.EqualError(t, compute.HintedBalance(err, pool), "balance of ada: expected at least 2 SPEED, got 0.5 SPEED; buy SPEED with `alitad tx datapool swap 3 AMOUNT`; "+
		"fewer --rounds, or --budget and --data-budget, put less into escrow")
	err.Has, err.Needs = sdk.NewInt64Coin("ualita", 0), sdk.NewInt64Coin("ualita", 1)
	require.ErrorContains(t, compute.HintedBalance(err, pool), "balance of ada: expected at least 0.000001 ALITA, got 0 ALITA; fewer")
}
