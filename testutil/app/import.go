package apptest

import (
	"encoding/json"
	"fmt"

	abci "github.com/cometbft/cometbft/abci/types"
	cmttypes "github.com/cometbft/cometbft/types"
	"github.com/stretchr/testify/require"

	"github.com/alita-network/alita/app"
)

// Import starts another application from the exported state of this chain, changed by edits as in a genesis file from a
// stranger. It returns why the application does not start, nil if it does. Modules of the SDK refuse by a panic.
func (c *Chain) Import(edits ...GenesisOption) (err error) {
	c.t.Helper()
	exported, err := c.App.ExportAppStateAndValidators(false, nil, nil)
	require.NoError(c.t, err)
	var genesis map[string]json.RawMessage
	require.NoError(c.t, json.Unmarshal(exported.AppState, &genesis))
	for _, edit := range edits {
		require.NoError(c.t, edit(c.App.AppCodec(), genesis))
	}
	state, err := json.Marshal(genesis)
	require.NoError(c.t, err)
	updates := make([]abci.ValidatorUpdate, 0, len(exported.Validators))
	for _, v := range exported.Validators {
		updates = append(updates, cmttypes.TM2PB.NewValidatorUpdate(v.PubKey, v.Power))
	}
	params := app.DefaultConsensusParams().ToProto()
	next := newChain(c.t, newConfig(nil))
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("panic: %v", r)
		}
	}()
	_, err = next.App.InitChain(&abci.RequestInitChain{
		Time: c.time, ChainId: ChainID, ConsensusParams: &params, Validators: updates, AppStateBytes: state, InitialHeight: exported.Height,
	})
	return err
}
