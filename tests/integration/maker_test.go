package integration_test

import (
	"testing"

	authtypes "github.com/cosmos/cosmos-sdk/x/auth/types"

	apptest "github.com/alita-network/alita/testutil/app"
	datapooltypes "github.com/alita-network/alita/x/datapool/types"
	metadatatypes "github.com/alita-network/alita/x/metadata/types"
)

// TestMakerOfTheRealChain: the role goes to no account of a module, whoever is asked,
// and the new maker decides on records.
func TestMakerOfTheRealChain(t *testing.T) {
	chain := apptest.New(t, funded())
	createPool(chain)
	for _, module := range []string{"gov", "distribution", "datapool", authtypes.FeeCollectorName} {
		chain.Fails(datapooltypes.ErrInvalidAddress, maker, &datapooltypes.MsgProposeMaker{
			Maker: maker.String(), PoolId: poolID, NewMaker: authtypes.NewModuleAddress(module).String(),
		})
	}
	chain.Fails(datapooltypes.ErrUnauthorized, maker, &datapooltypes.MsgPausePool{Authority: maker.String(), PoolId: poolID, Paused: true})
	heir := owners[1]
	chain.Must(maker, &datapooltypes.MsgProposeMaker{Maker: maker.String(), PoolId: poolID, NewMaker: heir.String()})
	chain.Must(heir, &datapooltypes.MsgAcceptMaker{NewMaker: heir.String(), PoolId: poolID})
	chain.Must(owners[0], registerWorkerMsg(t, owners[0]))
	register := registerMsg(t, owners[0], 1, 30)
	chain.Must(owners[0], register)
	id := metadatatypes.RecordID(owners[0].Address(), register.Salt)
	chain.Fails(metadatatypes.ErrNotMaker, maker, admitMsg(id))
	chain.Must(heir, &metadatatypes.MsgAdmitVersion{Maker: heir.String(), RecordId: id, Version: "1.0.0"})
}
