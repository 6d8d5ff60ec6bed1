package integration_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"cosmossdk.io/math"

	apptest "github.com/alita-network/alita/testutil/app"
	computetypes "github.com/alita-network/alita/x/compute/types"
	metadatatypes "github.com/alita-network/alita/x/metadata/types"
)

// foundPanel has owners found a panel of a record of each. The consumer proposes it.
func foundPanel(t testing.TB, chain *apptest.Chain, terms metadatatypes.PanelTerms, owners []apptest.Account, records []string) string {
	t.Helper()
	terms.MinPricePerMop = math.ZeroInt()
	propose := &metadatatypes.MsgProposePanel{
		Proposer: consumer.String(), Salt: salt(7), PoolId: poolID, RecordIds: slices.Sorted(slices.Values(records)), Terms: terms,
	}
	chain.Must(consumer, propose)
	id := metadatatypes.PanelID(consumer.Address(), propose.Salt, poolID, propose.RecordIds, terms)
	var txs [][]byte
	for i, owner := range owners {
		txs = append(txs, chain.Sign(owner, &metadatatypes.MsgSignPanel{Owner: owner.String(), PanelId: id, RecordId: records[i]}))
	}
	var gas []int64
	for _, res := range chain.NextBlock(txs...).TxResults {
		require.Zero(t, res.Code, res.Log)
		gas = append(gas, res.GasUsed)
	}
	// The last signature begins the panel. What clients give to spare is enough for it.
	n := len(gas)
	require.Less(t, gas[n-1], gas[n-2]+int64(metadatatypes.PanelJoinGas*n), "gas of the signatures: %d", gas)
	panel, err := chain.App.MetadataKeeper.WholePanel(chain.Ctx(), id)
	require.NoError(t, err)
	require.Equal(t, metadatatypes.PANEL_STATUS_ACTIVE, panel.Status)
	return id
}

// namedTerms let three owners and more answer a row program with any columns and input.
func namedTerms(program string) metadatatypes.PanelTerms {
	return metadatatypes.PanelTerms{Class: metadatatypes.PANEL_CLASS_NAMED, Threshold: 3, Programs: []string{program}}
}

// fixedTerms let three owners and more answer the question of a job, word for word.
func fixedTerms(spec computetypes.JobSpec) metadatatypes.PanelTerms {
	return metadatatypes.PanelTerms{Class: metadatatypes.PANEL_CLASS_FIXED, Threshold: 3, Questions: []metadatatypes.PanelQuestion{{
		ProgramId: spec.ProgramId, Columns: spec.Columns, Length: spec.Length, Input: spec.Input,
	}}}
}
