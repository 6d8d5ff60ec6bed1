package apptest

import (
	"encoding/json"
	"maps"
	"regexp"

	"github.com/stretchr/testify/require"

	authtypes "github.com/cosmos/cosmos-sdk/x/auth/types"
)

// generatedNumber is an account number that the chain made: its top bit is set.
var generatedNumber = regexp.MustCompile(`"account_number":\s*"(?:9[2-9]|1\d)\d{17,18}"`)

// State returns the exported genesis state of the modules, all by default.
func (c *Chain) State(modules ...string) map[string]json.RawMessage {
	c.t.Helper()
	if len(modules) == 0 {
		modules = c.App.ModuleManager.OrderExportGenesis
	}
	state := map[string]json.RawMessage{}
	for _, name := range modules {
		// One at a time: modules are exported in parallel, which a branched context does not allow.
		exported, err := c.App.ModuleManager.ExportGenesisForModules(c.Ctx(), c.App.AppCodec(), []string{name})
		require.NoError(c.t, err)
		maps.Copy(state, exported)
	}
	return state
}

// RequireSameState fails unless other exports the same state. Numbers of
// accounts may differ: they are made from the application hash, and that
// depends on how a tree grew and not only on what it holds.
func (c *Chain) RequireSameState(other *Chain) {
	c.t.Helper()
	want, got := c.State(), other.State()
	require.Len(c.t, got, len(want))
	for module := range want {
		if module == authtypes.ModuleName {
			want[module] = generatedNumber.ReplaceAll(want[module], []byte(`"account_number":"made"`))
			got[module] = generatedNumber.ReplaceAll(got[module], []byte(`"account_number":"made"`))
		}
		require.JSONEq(c.t, string(want[module]), string(got[module]), module)
	}
}
