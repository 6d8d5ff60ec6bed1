package publisher_test

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/require"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/alita-network/alita/client/publisher"
	"github.com/alita-network/alita/programs"
	"github.com/alita-network/alita/rows/fixedpoint"
	"github.com/alita-network/alita/x/metadata/types"
)

func TestPanelFile(t *testing.T) {
	msg, err := publisher.ParsePanelFile([]byte(publisher.ExamplePanelFile), "proposer")
	require.NoError(t, err)
	require.Equal(t, types.PANEL_CLASS_FIXED, msg.Terms.Class)
	require.EqualValues(t, 3, msg.Terms.Threshold)
	require.Len(t, msg.RecordIds, 5)
	require.Len(t, msg.Salt, types.SaltSize)
	require.Len(t, msg.Terms.Questions, 2)
	q := msg.Terms.Questions[0]
	require.Equal(t, programs.Moments().Hash, q.ProgramId)
	require.Equal(t, []string{"speed"}, q.Columns)
	require.EqualValues(t, 3, q.Length)
	columns, own, err := fixedpoint.ParseHeader(q.Input)
	require.NoError(t, err)
	require.Empty(t, own)
	require.Equal(t, []fixedpoint.Column{{Decimals: 1, Bits: 32}}, columns)
	again, err := publisher.ParsePanelFile([]byte(publisher.ExamplePanelFile), "proposer")
	require.NoError(t, err)
	require.NotEqual(t, msg.Salt, again.Salt)

	named := publisher.PanelFile{Pool: 1, Records: msg.RecordIds, Threshold: 3, Programs: []string{"logistic"}}
	msg, err = named.Message("proposer")
	require.NoError(t, err)
	require.Equal(t, []string{programs.Logistic().Hash}, msg.Terms.Programs)
	require.True(t, msg.Terms.MinPricePerMop.IsZero())

	for name, tc := range map[string]struct{ change, says string }{
		"rounds":        {`"questions":[{"program":"logistic","columns":[{"name":"y","bits":1},{"name":"x","bits":8}]}]`, "rounds: expected a program of 1"},
		"a program":     {`"programs":["sum"]`, "sum"},
		"both":          {`"programs":["moments"],"questions":[{"program":"moments","columns":[{"name":"y","bits":1}]}]`, "expected none in the class fixed"},
		"neither":       {`"purposes":["research"]`, "programs: expected 1 to 64, got 0"},
		"unknown field": {`"any_program":true`, "any_program"},
		"threshold":     {`"programs":["moments"],"threshold":6`, "expected 6 to 1000, got 2"},
	} {
		file := `{"pool":1,"threshold":2,"records":["00112233445566778899aabbccddeeff","11112233445566778899aabbccddeeff"],` + tc.change + `}`
		_, err := publisher.ParsePanelFile([]byte(file), "proposer")
		require.ErrorContains(t, err, tc.says, name)
	}
	_, err = publisher.ParsePanelFile([]byte(publisher.ExamplePanelFile+"{}"), "proposer")
	require.ErrorContains(t, err, "something after it")
	_, err = publisher.ParsePanelFile(bytes.Repeat([]byte(" "), publisher.MaxPanelFile+1), "proposer")
	require.ErrorContains(t, err, "expected at most")
}

// A node that shows other terms, or other members, than those of the id is found out before anything is signed.
func TestCheckPanel(t *testing.T) {
	msg, err := publisher.ParsePanelFile([]byte(publisher.ExamplePanelFile), "proposer")
	require.NoError(t, err)
	proposer := sdk.AccAddress(bytes.Repeat([]byte{1}, 20))
	shown := func() types.Panel {
		p := types.Panel{Salt: msg.Salt, PoolId: msg.PoolId, Terms: msg.Terms}
		for _, r := range msg.RecordIds {
			p.Members = append(p.Members, types.PanelMember{RecordId: r})
		}
		p.Id = types.PanelID(proposer, p.Salt, p.PoolId, p.Records(), p.Terms)
		return p
	}
	require.NoError(t, publisher.CheckPanel(shown(), proposer))
	for name, change := range map[string]func(p *types.Panel){
		"threshold": func(p *types.Panel) { p.Terms.Threshold-- },
		"class":     func(p *types.Panel) { p.Terms.Class = types.PANEL_CLASS_NAMED },
		"input":     func(p *types.Panel) { p.Terms.Questions = []types.PanelQuestion{{ProgramId: "other"}} },
		"member":    func(p *types.Panel) { p.Members = p.Members[1:] },
		"pool":      func(p *types.Panel) { p.PoolId++ },
		"salt":      func(p *types.Panel) { p.Salt = nil },
	} {
		p := shown()
		change(&p)
		require.ErrorContains(t, publisher.CheckPanel(p, proposer), "ask another node", name)
	}
}
